"""The rule of the quarter, written by hand from the product's rules; imports nothing from `apps`.

A history is a list of quarters, oldest first; each is a dict of plain facts. Deliberately slow and plain.
"""


def verdict(q):
    if q["exempt"]:
        return "exempt"
    has_counters = q["counter_days"] >= 1
    zero = has_counters and q["counter_users"] == 0 and q["counter_transactions"] == 0
    dead = q["probes"] >= 30 and q["probe_days"] >= 30 and q["reached"] == 0
    report = q["report"]
    if report and report["used"] and (zero or dead):
        return "conflict"
    used_by_counters = has_counters and (q["counter_users"] >= 1 or q["counter_transactions"] >= 1)
    used_by_report = bool(report) and ((report["users"] or 0) >= 1 or (report["transactions"] or 0) >= 1)
    if used_by_counters or used_by_report:
        return "active"
    if report and not report["used"]:
        return "idle"
    if zero and q["counter_days"] >= q["days"] / 2:
        return "idle"
    return "unreported"


def findings(verdicts):
    """Open findings after the quarters, as {kind: number of quarters that raised it or went on}."""
    opened = {}
    for place, this in enumerate(verdicts):
        earlier = [v for v in verdicts[max(0, place - 4) : place] if v != "exempt"]
        before = earlier[-1] if earlier else "none"
        if this == "active":
            opened = {}
        if this == "idle" and before == "idle":
            opened["idle"] = opened.get("idle", 1) + 1
        if this == "unreported" and before == "unreported":
            opened["non_reporting"] = opened.get("non_reporting", 1) + 1
        if this == "conflict":
            started = 1 if before == "conflict" and "conflict" not in opened else 0
            opened["conflict"] = opened.get("conflict", started) + 1
    return opened

"""The rule of the quarter, written by hand from the product's rules; imports nothing from `apps`.

A history is a list of quarters, oldest first; each is a dict of plain facts. Deliberately slow and plain.
"""

KIND = {"idle": "idle", "unreported": "non_reporting", "conflict": "conflict"}
NUMBERS = {"active_users": 1, "transactions": 1, "low_use_users": 5, "probes": 30, "probe_days": 30, "look_back": 4}


def verdict(q, numbers=NUMBERS):
    if q["exempt"]:
        return "exempt"
    has_counters = q["counter_days"] >= 1
    zero = has_counters and q["counter_users"] == 0 and q["counter_transactions"] == 0
    dead = q["probes"] >= numbers["probes"] and q["probe_days"] >= numbers["probe_days"] and q["reached"] == 0
    report = q["report"]
    if report and report["used"] and (zero or dead):
        return "conflict"
    if has_counters and enough(q["counter_users"], q["counter_transactions"], numbers):
        return "active"
    if report and enough(report["users"] or 0, report["transactions"] or 0, numbers):
        return "active"
    if report and not report["used"]:
        return "idle"
    if zero and q["counter_days"] >= q["days"] / 2:
        return "idle"
    return "unreported"


def enough(users, transactions, numbers):
    return users >= numbers["active_users"] or transactions >= numbers["transactions"]


def low_use(q, numbers=NUMBERS):
    """Active, and the most users anybody knows of are fewer than the second threshold."""
    told = [q["report"]["users"]] if q["report"] and q["report"]["users"] is not None else []
    counted = [q["counter_users"]] if q["counter_days"] >= 1 else []
    most = max(told + counted, default=None)
    return verdict(q, numbers) == "active" and most is not None and most < numbers["low_use_users"]


def watched(verdicts):
    """Idle now, and neither idle nor silent before: the next idle quarter raises a finding."""
    before = [v for v in verdicts[-5:-1] if v != "exempt"]
    return bool(verdicts) and verdicts[-1] == "idle" and (not before or before[-1] in ("active", "conflict"))


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


def exemption(application, place, first_day, opened_on):
    """Why the quarter at `place` does not judge the application; "" when it does."""
    facts = latest(application["confirmed"], place) or {"ownership": "local", "since": None, "season": []}
    if facts["since"] is not None and facts["since"] > first_day:
        return "not_operating"
    if facts["ownership"] == "central":
        return "central"
    if application["retiring"] is not None and place >= application["retiring"]:
        return "retiring"
    if facts["season"] and not any(first_day.month <= month <= first_day.month + 2 for month in facts["season"]):
        return "out_of_season"
    rest = application["suspension"]
    if rest and place >= rest["known"] and rest["starts_on"] <= opened_on <= rest["ends_on"]:
        return "suspended"
    return ""


def latest(by_place, place):
    """What was last said before the opening of the quarter at `place`."""
    known = [said for said in by_place if said <= place]
    return by_place[max(known)] if known else None


def evidence(application, place, calendar, now):
    """The facts of one quarter as known after quarter `now` was closed and its late reports were accepted."""
    q = dict(application["quarters"][place])
    sent = q["sent"]
    counts = sent in ("in_time", "accepted") or (sent == "late" and q["accepted"] is not None and q["accepted"] <= now)
    q["report"] = q["answer"] if counts else None
    q["exempt"] = exemption(application, place, calendar[place]["first_day"], calendar[place]["opened_on"])
    q["days"] = calendar[place]["days"]
    return q


def assessed(application, calendar, now):
    """By place what the closed quarters say in force: verdict, reason, low use; nothing where it was not due."""
    found = {}
    for place in range(application["registered"], now + 1):
        q = evidence(application, place, calendar, now)
        numbers = calendar[place]["numbers"]
        found[place] = (verdict(q, numbers), q["exempt"], low_use(q, numbers))
    return found


def duty(q):
    """Whether the duty to report was met, at the close."""
    if q["sent"] in ("in_time", "accepted"):
        return "reported"
    return "late" if q["sent"] == "late" and q["before_the_close"] else "missing"


def standing(application, calendar, now):
    """The findings that stand after quarter `now`: kind to the places that speak for it."""
    opened, anew = {}, 0
    for place in range(application["registered"], now + 1):
        opened = after(application, assessed(application, calendar, now), place, opened, anew, calendar)
        if application["dismissed_after"] == place and opened:
            kind = min(opened)
            anew = opened.pop(kind)[-1] + 1
    return opened


def after(application, history, place, opened, anew, calendar):
    """The findings after the quarter at `place`, which was judged beside the last quarter before it that counts."""
    this = history[place][0]
    if this == "exempt":
        return opened
    if this == "active":
        return {}
    kind, oldest = KIND[this], max(place - calendar[place]["numbers"]["look_back"], 0)
    judged = [p for p in range(oldest, place) if p in history and history[p][0] != "exempt"]
    before = judged[-1] if judged and judged[-1] >= anew else None
    moved = before is not None and owner(application, before) != owner(application, place)
    if before is not None and kind == "non_reporting" and moved:
        before = None
    same = before is not None and history[before][0] == this
    if this == "conflict" or same:
        begun = [before] if same else []
        return {**opened, kind: [*opened.get(kind, begun), place]}
    return opened


def owner(application, place):
    """Which office owned it when the quarter at `place` opened."""
    return latest(application["owners"], place) or 0

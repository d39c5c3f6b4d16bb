"""The numbers of the quarter and where they come from."""

RULE_VERSION = 1
OPENS_BEFORE_END_DAYS = 14
CLOSES_ON_DAY_AFTER = 11
REVIEW_STOPS_WORKING_DAYS = 3
# Active users and transactions are per quarter; low use is fewer active users; probes must be completed on many days.
THRESHOLDS = {"active_users": 1, "transactions": 1, "low_use_users": 5, "probes": 30, "probe_days": 30, "look_back": 4}
# What an adopted threshold may be. A quarter has at most 92 days; a probe is sent once a day.
THRESHOLD_RANGES = {
    "active_users": (1, 100_000),
    "transactions": (1, 1_000_000),
    "low_use_users": (1, 100_000),
    "probes": (1, 1_000),
    "probe_days": (1, 92),
    "look_back": (1, 8),
}
# Days of counters and probes stay this long, far beyond the late reports of their quarter; their totals stay for good.
RAW_KEPT_QUARTERS = 8
# A counter's key ends after a year, so that a forgotten one does not stay open.
USAGE_TOKEN_DAYS = 366
# A retired application's address is gone after so many days in a row without an answer; one answer says it is not.
GONE_AFTER_SILENT_DAYS = 3
# An address dead this long speaks against "dipakai" while the report is written; the close has thresholds of its own.
DEAD_AFTER_DAYS = 7
# More people never reminded before than this, at once, wait for a reviewer.
NEW_RECIPIENTS_AT_MOST = 100

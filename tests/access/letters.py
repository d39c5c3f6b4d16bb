"""The words of the table of rights: who the letters are, and what a row says.

Letters: `-` nobody signed in, `n` signed in without a role, `o` operator and `h` head of the owning agency, `s` operator of
another agency, `r` reviewer, `c` companion of Bappeda, `t` companion of BKAD, `a` approver, `e` executive, `u` auditor,
`m` administrator; `x` reviewer and `y` administrator of another government.

`open` are let in. To those in `hidden` the object does not exist (404). The others are refused: nobody signed in is sent
to sign in (401 on the API, and so is who has no role there), the rest hear 403. Words are objects of `world.py`, `=text`
stands for itself. Each denial has its twin in `open` of the same row.
"""

from typing import NamedTuple

HOME = "ohsrctaeum"  # everybody with a role in the government
EVERYBODY = HOME + "xy"
PUBLIC = "-n" + EVERYBODY
ABROAD = "xy"
# The register: the owner's people and the government's own roles; other agencies and governments do not see it.
SEES_RECORD, NO_RECORD = "ohrctaeum", "sxy"
# Rows of a record: on pages "change_" and one of these; "document" is a paper of a case.
ROW_NOUNS = ("relation", "cost", "contract", "document")
ROW_WORDS = {"document": "record_document"}
# What was begun is the owner's until it is submitted.
NO_DRAFT = "srctaeumxy"
# A case on a desk's agenda: also the companions. The administrator looks after people and settings, not cases.
SEES_CASE, NO_CASE = "ohrctaeu", "smxy"
# Letters, and cases no desk has on its agenda: without the companions.
SEES_LETTER, NO_LETTER = "ohraeu", "sctmxy"
# Batches of reminders: the government's own roles.
NO_BATCH = "ohsxy"
# Who uploaded a list, alone; for the other writers it does not exist, for the rest the whole place is closed.
NO_JOB = "osx"


class Row(NamedTuple):
    """A route with its methods, who gets in, from whom the object is hidden, the objects it names, and what is typed."""

    route: str
    methods: str
    open: str
    hidden: str = ""
    arguments: dict = {}
    body: dict = {}

    def expected(self, letter):
        """What this person must hear."""
        if letter in self.open:
            return "open"
        if letter == "-" or (letter == "n" and self.route.startswith("api-")):
            return "sign in"
        return "hidden" if letter in self.hidden else "forbidden"


def rows(namespace, *lines, hidden="", **arguments):
    """Rows about the same object, seen by the same people: (route, methods, open)."""
    return [Row(f"{namespace}{route}", methods, letters, hidden, arguments) for route, methods, letters in lines]

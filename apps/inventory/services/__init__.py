"""The verbs of the register, one function per act."""

from apps.inventory.services.attesting import attest, attest_many
from apps.inventory.services.attributes import add_attribute, edit_attribute, end_attribute, restore_attribute
from apps.inventory.services.drafts import delete_draft, save_draft, start_draft, submit, withdraw
from apps.inventory.services.expiry import remind_of_ends
from apps.inventory.services.facts import confirm_facts, grant_suspension
from apps.inventory.services.handing_over import hand_over
from apps.inventory.services.importing import (
    answer_rows,
    check_import,
    commit_import,
    drop_import,
    match_columns,
    rematch_columns,
    work_on_import,
)
from apps.inventory.services.importing_back import undo_import
from apps.inventory.services.life import begin_retiring, cancel_retiring, reactivate, retire
from apps.inventory.services.merging import merge
from apps.inventory.services.records import edit
from apps.inventory.services.registration import refuse, register, return_submission
from apps.inventory.services.reorganizing import (
    cancel_reorganization,
    execute_reorganization,
    note_blocked,
    plan_reorganization,
)
from apps.inventory.services.rows import CONTRACT, COST, DOCUMENT, RELATION, Noun, add_row, change_row, remove_row
from apps.inventory.services.saved_views import drop_view, edit_view, save_view
from apps.inventory.services.security import categorise, load_security_form
from apps.inventory.services.sheets import lay_out_sheet, load_sheet_layout
from apps.inventory.services.standing import place_hold, release_hold, set_standing
from apps.inventory.services.sunset import announce_sunset, write_notice
from apps.inventory.services.together import MOST_TOGETHER, edit_together
from apps.inventory.services.undoing import undo, undo_together

__all__ = [
    "MOST_TOGETHER",
    "add_attribute",
    "attest",
    "attest_many",
    "CONTRACT",
    "COST",
    "DOCUMENT",
    "RELATION",
    "Noun",
    "add_row",
    "announce_sunset",
    "answer_rows",
    "begin_retiring",
    "cancel_retiring",
    "change_row",
    "categorise",
    "cancel_reorganization",
    "check_import",
    "commit_import",
    "confirm_facts",
    "delete_draft",
    "drop_import",
    "drop_view",
    "edit",
    "edit_attribute",
    "edit_together",
    "edit_view",
    "end_attribute",
    "execute_reorganization",
    "grant_suspension",
    "hand_over",
    "lay_out_sheet",
    "load_sheet_layout",
    "match_columns",
    "merge",
    "load_security_form",
    "note_blocked",
    "place_hold",
    "plan_reorganization",
    "reactivate",
    "refuse",
    "register",
    "release_hold",
    "restore_attribute",
    "remind_of_ends",
    "remove_row",
    "rematch_columns",
    "retire",
    "return_submission",
    "save_draft",
    "save_view",
    "set_standing",
    "start_draft",
    "submit",
    "undo",
    "undo_import",
    "undo_together",
    "withdraw",
    "work_on_import",
    "write_notice",
]

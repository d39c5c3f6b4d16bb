"""The verbs of people, roles, offices, settings and keys."""

from apps.accounts.services.delegation import delegate_reporting, recall_delegate
from apps.accounts.services.governments import confirm_holidays, edit_policy
from apps.accounts.services.lists import import_organizations
from apps.accounts.services.memberships import end_membership, grant
from apps.accounts.services.moving import hand_over, move_keys, move_membership
from apps.accounts.services.organizations import (
    create_organization,
    deactivate_organization,
    edit_organization,
    reactivate_organization,
)
from apps.accounts.services.people import (
    accept_invitation,
    change_password,
    choose_theme,
    create_administrator,
    deactivate_person,
    edit_person,
    invitation_of,
    invite,
    note_sign_in,
    reactivate_person,
    renew_invitation,
)
from apps.accounts.services.tokens import create_token, note_use, revoke_token, token_hash

__all__ = [
    "import_organizations",
    "accept_invitation",
    "change_password",
    "choose_theme",
    "confirm_holidays",
    "create_administrator",
    "create_organization",
    "create_token",
    "deactivate_organization",
    "deactivate_person",
    "delegate_reporting",
    "edit_organization",
    "edit_person",
    "edit_policy",
    "end_membership",
    "grant",
    "hand_over",
    "invitation_of",
    "invite",
    "move_keys",
    "move_membership",
    "note_sign_in",
    "note_use",
    "reactivate_organization",
    "reactivate_person",
    "recall_delegate",
    "renew_invitation",
    "revoke_token",
    "token_hash",
]

"""The password rules of the installation: BSSN 4/2021 or OWASP ASVS 5.0, by setting."""

import string

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.accounts.rules import PASSWORD_LENGTH

CLASSES = (
    (str.isupper, "huruf besar"),
    (str.islower, "huruf kecil"),
    (str.isdigit, "angka"),
    (lambda character: character in string.punctuation, "tanda baca"),
)


class PolicyValidator:
    """Length by policy; `bssn` also wants four classes of characters."""

    def __init__(self, policy: str | None = None) -> None:
        self.policy = policy or settings.PASSWORD_POLICY
        self.length = PASSWORD_LENGTH[self.policy]

    def validate(self, password: str, user: object = None) -> None:
        if len(password) < self.length:
            raise ValidationError(
                _(
                    "Kata sandi paling pendek %(length)s huruf; sekarang %(now)s. "
                    "Beberapa kata yang mudah Anda ingat sudah cukup."
                )
                % {"length": self.length, "now": len(password)},
                code="too_short",
            )
        missing = [name for test, name in CLASSES if not any(test(character) for character in password)]
        if self.policy == "bssn" and missing:
            raise ValidationError(
                _("Kata sandi belum memuat %(missing)s.") % {"missing": ", ".join(missing)}, code="classes"
            )

    def get_help_text(self) -> str:
        if self.policy == "bssn":
            return _("Paling pendek %(length)s huruf, dengan huruf besar, huruf kecil, angka, dan tanda baca.") % {
                "length": self.length
            }
        return _(
            "Paling pendek %(length)s huruf. Spasi boleh; "
            "beberapa kata yang mudah diingat lebih baik daripada satu kata sulit."
        ) % {"length": self.length}

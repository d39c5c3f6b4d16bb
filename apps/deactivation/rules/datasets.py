"""What each fate of a dataset must name, and when destruction is allowed."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.errors import RuleViolation
from apps.deactivation.models import Fate

STEP = "data-disposition"  # the step of the checklist that waits for every dataset


def check_fate(fate, destination, retained_until):
    """Moved and archived data name where to; archived and destroyed data name until when they must be kept."""
    wrong = {}
    if fate not in Fate.values:
        raise ValidationError({"fate": [_("Pilih nasib himpunan data ini.")]})
    if fate != Fate.DESTROY and not destination.strip():
        wrong["destination"] = [_("Sebutkan aplikasi atau lembaga yang menerima datanya.")]
    if fate != Fate.MIGRATE and retained_until is None:
        wrong["retained_until"] = [_("Isi sampai kapan data ini wajib disimpan menurut jadwal retensi.")]
    if wrong:
        raise ValidationError(wrong)


def check_retention(dataset, today):
    """Data are destroyed only after the last day they must be kept."""
    if dataset.fate == Fate.DESTROY and today <= dataset.retained_until:
        raise RuleViolation(
            _("Masa simpannya belum lewat. Arsipkan dahulu, atau musnahkan sesudah tanggal itu."),
            code="retention_running",
        )


def holds_data(application):
    """Whether the register says that the application keeps data, so that at least one dataset has to be named."""
    return bool(application.databases or application.data_used or application.personal_data)

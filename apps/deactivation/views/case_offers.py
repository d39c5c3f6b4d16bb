"""What a person may do in a case now: each act with its form and its service."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts import reauth
from apps.core import clock
from apps.deactivation import rules, services
from apps.deactivation.forms import AnnulForm, CaretakerForm, EmptyForm, ObjectionForm, ReasonForm
from apps.deactivation.models import Act, Case, Objection
from apps.deactivation.views.follow_up_forms import NoticeForm
from apps.deactivation.views.offers import Offer, knowing_actor, plain
from apps.documents.uploads import taken

S = Case.Status
BEFORE_DECIDED = (S.NOMINATED, S.AWAITING_ANSWER, S.ANSWERED, S.ON_DESK, S.RECOMMENDED)


def is_own_request(case: Case) -> bool:
    """Whether the OPD itself opened the case."""
    return any(row.act == Act.NOMINATE and row.role in ("operator", "agency_head") for row in case.acts.all())


def window_open(case: Case) -> bool:
    """Whether an objection against the decision may still be raised."""
    inside = case.status == S.DECIDED and clock.today(case.government.zone) <= case.objection_ends_on
    return inside and not case.objections.filter(decision=case.decision_id).exists()


def objection_waits(case: Case) -> bool:
    return case.status == S.DECIDED and case.objections.filter(status=Objection.Status.RAISED).exists()


def _objection_form(_case: Case, by: Any, data: Any, files: Any, prefix: str) -> ObjectionForm:
    return ObjectionForm(data, files, prefix=prefix, for_owner=by.has_role("reviewer"))


def _notice_form(case: Case, _by: Any, data: Any, files: Any, prefix: str) -> NoticeForm:
    told = getattr(case.application, "sunset", None)
    return NoticeForm(data, files, prefix=prefix, initial={"notice": told.notice if told else ""})


def _confirm(request: Any, form: Any) -> None:
    reauth.confirm(request, form.cleaned_data["password"])


CASE_OFFERS = [
    Offer(
        "sign_request",
        _("Tanda tangani permintaan"),
        _("Tanda tangani: ajukan ke desk reviu"),
        _("Permintaan ditandatangani. Kasus siap masuk agenda desk reviu."),
        plain(EmptyForm),
        rules.may_sign_request,
        lambda by, case: case.status == S.NOMINATED and is_own_request(case),
        lambda case, fields, by, version: services.sign_request(case.code, by=by, version=version),
        text=_("OPD Anda sendiri yang meminta; dengan tanda tangan Anda tidak diperlukan surat konfirmasi."),
    ),
    Offer(
        "raise_objection",
        _("Ajukan keberatan"),
        _("Ajukan keberatan atas keputusan"),
        _("Keberatan diajukan. Pelaksanaan menunggu sampai keberatan dijawab."),
        _objection_form,
        rules.may_object,
        lambda by, case: window_open(case),
        lambda case, fields, by, version: services.raise_objection(
            case.code, by=by, version=version, reason=fields["reason"], evidence=taken(fields["evidence"], by)
        ),
    ),
    Offer(
        "uphold_objection",
        _("Kabulkan keberatan"),
        _("Kabulkan: kembali ke rekomendasi"),
        _("Keberatan dikabulkan. Kasus menunggu keputusan lagi."),
        plain(ReasonForm),
        rules.may_uphold_objection,
        lambda by, case: objection_waits(case),
        lambda case, fields, by, version: services.uphold_objection(
            case.code, by=by, version=version, reason=fields["reason"]
        ),
    ),
    Offer(
        "dismiss_objection",
        _("Tolak keberatan"),
        _("Tolak: keputusan tetap berlaku"),
        _("Keberatan ditolak. Keputusan tetap berlaku."),
        plain(ReasonForm),
        rules.may_dismiss_objection,
        lambda by, case: objection_waits(case),
        lambda case, fields, by, version: services.dismiss_objection(
            case.code, by=by, version=version, reason=fields["reason"]
        ),
        tone="btn",
    ),
    Offer(
        "write_notice",
        _("Pemberitahuan penghentian"),
        _("Simpan pemberitahuan"),
        _("Pemberitahuan tampil di halaman aplikasi dan katalog publik."),
        _notice_form,
        rules.may_write_notice,
        lambda by, case: case.status == S.EXECUTING and not case.retired_at,
        lambda case, fields, by, version: services.write_notice(
            case.code, by=by, version=version, notice=fields["notice"]
        ),
        tone="btn",
    ),
    Offer(
        "close_case",
        _("Tutup kasus"),
        _("Tutup dan terbitkan laporan hasil terminasi"),
        _("Kasus selesai. Laporan hasil terminasi sudah terbit."),
        plain(EmptyForm),
        rules.may_close,
        lambda by, case: case.status == S.EXECUTED,
        lambda case, fields, by, version: services.close(case.code, by=by, version=version),
    ),
    Offer(
        "name_caretaker",
        _("Tunjuk OPD pengampu"),
        _("Tunjuk OPD pengampu"),
        _("OPD pengampu ditunjuk; surat dapat dikirim kepadanya."),
        knowing_actor(CaretakerForm),
        rules.may_name_caretaker,
        lambda by, case: case.is_ownerless and case.status in (S.NOMINATED, S.AWAITING_ANSWER),
        lambda case, fields, by, version: services.name_caretaker(
            case.code, by=by, version=version, organization_id=fields["organization"].pk, reason=fields["reason"]
        ),
    ),
    Offer(
        "withdraw",
        _("Tarik kasus"),
        _("Tarik kasus ini"),
        _("Kasus ditarik dan temuannya dikesampingkan."),
        plain(ReasonForm),
        rules.may_withdraw,
        lambda by, case: case.status in BEFORE_DECIDED,
        lambda case, fields, by, version: services.withdraw(case.code, by=by, version=version, reason=fields["reason"]),
        text=_("Kasus berakhir dan temuannya dikesampingkan. Hitungan triwulan mulai lagi dari awal."),
        tone="btn-danger",
    ),
    Offer(
        "annul",
        _("Batalkan keputusan"),
        _("Batalkan keputusan ini"),
        _("Keputusan dibatalkan. Aplikasi tetap terdaftar."),
        plain(AnnulForm),
        rules.may_annul,
        lambda by, case: case.status in (S.DECIDED, S.EXECUTING) and not case.retired_at,
        lambda case, fields, by, version: services.annul(
            case.code, by=by, version=version, number=fields["number"], reason=fields["reason"]
        ),
        tone="btn-danger",
        binds=_confirm,
    ),
]

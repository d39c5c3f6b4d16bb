"""Organisations, people, and what they may do where."""

from datetime import date
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit.history import tracked
from apps.core.clock import CoreNow
from apps.core.models import StatefulQuerySet


class OrganizationQuerySet(StatefulQuerySet):
    """Offices in the tree government → agency → unit."""

    def within(self, organization_id: int) -> Self:
        """The office and all beneath it."""
        return self.filter(
            Q(pk=organization_id)
            | Q(parent=organization_id)
            | Q(parent__parent=organization_id)
            | Q(government=organization_id)
        )

    def able_to_own(self) -> Self:
        """Offices that may own an application: living ones that are not collective."""
        return self.exclude(kind=Organization.Kind.COLLECTIVE).filter(active_until__isnull=True)

    def visible_to(self, by: Any) -> Self:
        """Everybody sees the names of offices; each person those of the own government."""
        if by.is_system or not by.is_authenticated:
            return self
        return self.filter(Q(pk=by.government_id) | Q(government=by.government_id))


@tracked()
class Organization(models.Model):
    """A government, an agency (perangkat daerah, OPD), or a unit beneath one."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", gettext_lazy("pemerintah daerah")
        AGENCY = "agency", gettext_lazy("perangkat daerah")
        UNIT = "unit", gettext_lazy("unit")
        COLLECTIVE = "collective", gettext_lazy("sebutan bersama")

    class Function(models.TextChoices):
        NONE = "", gettext_lazy("tidak ada peran khusus")
        ICT_OFFICE = "ict_office", gettext_lazy("dinas komunikasi dan informatika")
        PLANNING_OFFICE = "planning_office", gettext_lazy("perencanaan (Bappeda)")
        FINANCE_OFFICE = "finance_office", gettext_lazy("keuangan dan aset (BKAD)")
        SECRETARIAT = "secretariat", gettext_lazy("sekretariat daerah")
        INSPECTORATE = "inspectorate", gettext_lazy("inspektorat")

    class Zone(models.TextChoices):
        WIB = "Asia/Jakarta", "WIB (UTC+7)"
        WITA = "Asia/Makassar", "WITA (UTC+8)"
        WIT = "Asia/Jayapura", "WIT (UTC+9)"

    code = models.SlugField(gettext_lazy("kode"), max_length=80, unique=True)
    name = models.CharField(gettext_lazy("nama"), max_length=200)
    short_name = models.CharField(gettext_lazy("singkatan"), max_length=60, blank=True)
    kind = models.CharField(gettext_lazy("jenis"), max_length=12, choices=Kind.choices, default=Kind.AGENCY)
    function = models.CharField(
        gettext_lazy("peran dalam proses"), max_length=20, choices=Function.choices, blank=True, default=""
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=gettext_lazy("induk")
    )
    government = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("pemerintah daerah")
    )
    time_zone = models.CharField(
        gettext_lazy("zona waktu"), max_length=20, choices=Zone.choices, blank=True, default=""
    )
    active_from = models.DateField(gettext_lazy("berdiri sejak"), null=True, blank=True)
    active_until = models.DateField(gettext_lazy("sampai"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    version = models.IntegerField(default=1, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="organization_government_kind",
                condition=Q(kind="government", government__isnull=True, parent__isnull=True) & ~Q(time_zone="")
                | ~Q(kind="government") & Q(government__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["government", "function"], condition=~Q(function=""), name="organization_one_per_function"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def government_or_self(self) -> "Organization":
        return self.government or self

    @property
    def zone(self) -> ZoneInfo:
        """The wall-clock zone of its government."""
        return ZoneInfo(self.government_or_self.time_zone)


def days_of_reappearance() -> list[int]:
    """When addresses of a retired application are looked at, in days after its retirement."""
    return [30, 90]


def refuse_unordered_days(days: list[int]) -> None:
    """Each day once, the earliest first; 400 otherwise."""
    if list(days) != sorted(set(days)):
        raise ValidationError(_("Tuliskan setiap angka hari sekali, dari yang terkecil."))


@tracked()
class GovernmentPolicy(models.Model):
    """What one government decided about its own process; numbers are working days unless said otherwise."""

    government = models.OneToOneField(Organization, models.PROTECT, primary_key=True, related_name="policy")
    answer_working_days = models.PositiveSmallIntegerField(gettext_lazy("hari kerja menjawab surat"), default=10)
    extension_working_days = models.PositiveSmallIntegerField(gettext_lazy("hari kerja perpanjangan"), default=5)
    objection_working_days = models.PositiveSmallIntegerField(gettext_lazy("hari kerja masa keberatan"), default=10)
    joint_leave_is_working = models.BooleanField(gettext_lazy("cuti bersama dihitung hari kerja"), default=False)
    plh_may_decide = models.BooleanField(gettext_lazy("Plh. boleh memutus"), default=False)
    endorsement_required = models.BooleanField(gettext_lazy("laporan disahkan kepala OPD"), default=False)
    stale_quarters = models.PositiveSmallIntegerField(
        gettext_lazy("triwulan tanpa perubahan dan pernyataan sampai data dianggap usang"),
        default=4,
        validators=[MinValueValidator(1)],
    )
    reappearance_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(3650)]),
        verbose_name=gettext_lazy("hari sesudah pensiun untuk memeriksa bahwa alamat sudah tidak menjawab"),
        help_text=gettext_lazy("Angka hari dipisah koma, misalnya 30, 90."),
        default=days_of_reappearance,
        size=6,
        validators=[refuse_unordered_days],
    )
    letter_place = models.CharField(gettext_lazy("tempat surat"), max_length=80, blank=True)
    letter_address = models.TextField(gettext_lazy("alamat kepala surat"), blank=True)
    letter_classification = models.CharField(gettext_lazy("kode klasifikasi surat"), max_length=20, default="555")
    legal_basis = models.TextField(gettext_lazy("dasar hukum keputusan"), blank=True)

    def __str__(self) -> str:
        return str(self.government)


class UserQuerySet(models.QuerySet):
    """People."""

    def visible_to(self, by: Any) -> Self:
        """An administrator sees the people who hold or held a role in the own government; others only themselves."""
        if by.is_system:
            return self
        if not by.has_role(Role.ADMINISTRATOR):
            return self.filter(pk=by.person_id)
        seats = Organization.objects.visible_to(by)
        return self.filter(pk__in=Membership.objects.filter(seat__in=seats).values("user"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """People by their sign-in name."""

    def create_user(self, username: str, *, name: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """One person: one NIP, one account."""

    username = models.CharField(gettext_lazy("nama masuk"), max_length=150, unique=True)
    name = models.CharField(gettext_lazy("nama"), max_length=150)
    nip = models.CharField(gettext_lazy("NIP"), max_length=18, unique=True, null=True, blank=True)
    email = models.EmailField(gettext_lazy("surel"), blank=True)
    is_active = models.BooleanField(gettext_lazy("aktif"), default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    is_staff = models.BooleanField(default=False, editable=False)
    password_changed_at = models.DateTimeField(null=True, editable=False)
    theme = models.CharField(
        max_length=5, choices=[("light", "terang"), ("dark", "gelap"), ("auto", "ikut perangkat")], default="auto"
    )
    created_at = models.DateTimeField(db_default=CoreNow(), editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = UserManager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a membership lets a person do; product rules in each app's `rules`."""

    OPERATOR = "operator", gettext_lazy("Operator OPD")
    AGENCY_HEAD = "agency_head", gettext_lazy("Kepala OPD")
    REVIEWER = "reviewer", gettext_lazy("Analis Diskominfo")
    COMPANION = "companion", gettext_lazy("Pendamping")
    APPROVER = "approver", gettext_lazy("Pemutus")
    EXECUTIVE = "executive", gettext_lazy("Pimpinan")
    AUDITOR = "auditor", gettext_lazy("Auditor")
    ADMINISTRATOR = "administrator", gettext_lazy("Administrator")


class MembershipQuerySet(models.QuerySet):
    """Who holds which role when."""

    def visible_to(self, by: Any) -> Self:
        """An administrator sees the roles of the own government; others their own."""
        if by.is_system:
            return self
        if not by.has_role(Role.ADMINISTRATOR):
            return self.filter(user=by.person_id)
        return self.filter(seat__in=Organization.objects.visible_to(by))

    def visible_in_office(self, by: Any) -> Self:
        """Those an administrator sees, and for the head of an office the roles held there."""
        if by.has_role(Role.AGENCY_HEAD):
            return self.filter(Q(user=by.person_id) | Q(seat__in=by.organization_ids))
        return self.visible_to(by)

    def current(self, day: date) -> Self:
        """Memberships in force on `day`; one that was ended counts no more, whatever its dates say."""
        return self.filter(starts_on__lte=day, ended_at__isnull=True).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )


class DateRange(Func):
    """A closed range of dates; an open end stays open."""

    function = "daterange"
    output_field = DateRangeField()


_TENURE = DateRange(F("starts_on"), F("ends_on"), RangeBoundary(inclusive_lower=True, inclusive_upper=True))


class Membership(models.Model):
    """A role at a seat over a scope, for a period."""

    class Acting(models.TextChoices):
        DEFINITIVE = "", gettext_lazy("definitif")
        PLT = "plt", gettext_lazy("Plt. (pelaksana tugas)")
        PLH = "plh", gettext_lazy("Plh. (pelaksana harian)")

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=gettext_lazy("orang"))
    role = models.CharField(gettext_lazy("peran"), max_length=15, choices=Role.choices)
    seat = models.ForeignKey(
        Organization, models.PROTECT, related_name="seated", verbose_name=gettext_lazy("kedudukan")
    )
    scope = models.ForeignKey(
        Organization, models.PROTECT, related_name="memberships", verbose_name=gettext_lazy("lingkup")
    )
    starts_on = models.DateField(gettext_lazy("mulai"))
    ends_on = models.DateField(gettext_lazy("sampai dengan"), null=True, blank=True)
    acting = models.CharField(gettext_lazy("sebagai"), max_length=3, choices=Acting.choices, blank=True, default="")
    decree = models.CharField(gettext_lazy("nomor surat perintah"), max_length=100, blank=True)
    ended_at = models.DateTimeField(gettext_lazy("diakhiri"), null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-starts_on", "pk"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("seat", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    (_TENURE, RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
            ),
            ExclusionConstraint(
                name="membership_one_definitive_head",
                expressions=[("seat", RangeOperators.EQUAL), (_TENURE, RangeOperators.OVERLAPS)],
                condition=Q(role="agency_head", acting="", ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="membership_acting_has_decree_and_end",
                condition=Q(acting="") | ~Q(decree="") & Q(ends_on__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.seat}"

    def in_force(self, day: date) -> bool:
        """Whether it gives its role on `day`, a date in the zone of its seat."""
        begun, over = self.starts_on <= day, self.ends_on is not None and self.ends_on < day
        return begun and not over and self.ended_at is None


tracked(model_name="MembershipEvent")(Membership)


class Invitation(models.Model):
    """A link by which a new person sets the first password; the token itself is never stored."""

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=CoreNow())


class ApiTokenQuerySet(models.QuerySet):
    """Keys of REST clients."""

    def visible_to(self, by: Any) -> Self:
        """An administrator sees the keys of the own government."""
        if by.is_system:
            return self
        return (
            self.filter(organization__in=Organization.objects.visible_to(by))
            if by.has_role(Role.ADMINISTRATOR)
            else self.none()
        )


class ApiToken(models.Model):
    """A key for a REST client or a person's script; only its SHA-256 is stored."""

    class Scope(models.TextChoices):
        CATALOGUE = "catalogue", gettext_lazy("membaca katalog")
        READ = "read", gettext_lazy("membaca yang boleh dilihat pemiliknya")
        WRITE = "write", gettext_lazy("berbuat sebagai pemiliknya")

    name = models.CharField(gettext_lazy("nama"), max_length=100)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=gettext_lazy("pemilik")
    )
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, blank=True, related_name="tokens")
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name=gettext_lazy("lingkup"))
    token_hash = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    expires_at = models.DateTimeField(gettext_lazy("berlaku sampai"))
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=CoreNow())

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.name

"""The provider's own shape: programmes, teams, sites, staff with dated roles, people and who works with them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PRACTITIONER = "PRACTITIONER", _("Practitioner")
    CARE_COORDINATOR = "CARE_COORDINATOR", _("Care coordinator")
    PEER_WORKER = "PEER_WORKER", _("Peer worker")
    SUPERVISOR = "SUPERVISOR", _("Supervisor")
    CLINICAL_LEAD = "CLINICAL_LEAD", _("Clinical lead")
    MANAGER = "MANAGER", _("Manager")
    DATA_STEWARD = "DATA_STEWARD", _("Data steward")
    BOARD_MEMBER = "BOARD_MEMBER", _("Board member")
    PARTNER = "PARTNER", _("Partner")
    REVIEWER = "REVIEWER", _("Reviewer")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")


class CaseloadRole(models.TextChoices):
    PRIMARY = "PRIMARY", _("Primary practitioner")
    COORDINATOR = "COORDINATOR", _("Care coordinator")
    PEER = "PEER", _("Peer worker")


class Named(models.Model):
    code = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Programme(Named):
    pass


class ServiceModel(Named):
    pass


class Site(Named):
    pass


class Team(Named):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    service_model = models.ForeignKey(ServiceModel, on_delete=models.PROTECT, related_name="+", null=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", null=True)


class Organisation(Named):
    """A partner: a hospital, a crisis line, a housing agency, a primary care practice."""

    kind = models.CharField(max_length=20, default="OTHER")


class Staff(models.Model):
    code = models.CharField(max_length=120, unique=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="staff"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.code


class StaffRole(models.Model):
    """One role, in one team or (no team) in the whole provider, between two dates. ``to_date`` is exclusive."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "role", "team", "from_date"], name="one_team_role_a_day"),
            # Two databases disagree whether two nulls are the same; this says that they are.
            models.UniqueConstraint(
                fields=["staff", "role", "from_date"],
                condition=Q(team__isnull=True),
                name="one_provider_role_a_day",
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="staff_role_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["role", "team"])]


class Person(models.Model):
    """Somebody receiving support. The current details; every version of them is a row in the record (keep)."""

    code = models.CharField(max_length=120, unique=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField(null=True)
    death_date = models.DateField(null=True)
    # For equity. A value, or NOT_ASKED, or DECLINED: missing is a named reason.
    sex = models.CharField(max_length=60, default="NOT_ASKED")
    gender_identity = models.CharField(max_length=100, default="NOT_ASKED")
    race_ethnicity = models.CharField(max_length=100, default="NOT_ASKED")
    language = models.CharField(max_length=35, default="NOT_ASKED")
    payer = models.CharField(max_length=60, default="NOT_ASKED")
    deprivation_quintile = models.CharField(max_length=10, default="NOT_ASKED")
    phone = models.CharField(max_length=40, blank=True)
    email = models.CharField(max_length=254, blank=True)

    class Meta:
        indexes = [models.Index(fields=["family_name", "given_name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.code


class PersonIdentifier(models.Model):
    """What a source system calls a person. One person may have several; one identifier has one person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identifiers")
    source = models.CharField(max_length=60)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "value"], name="one_person_an_identifier")]


class CaseloadEntry(models.Model):
    """Who works with whom, in which caseload role, between two dates (``to_date`` exclusive)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="caseload")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="caseload")
    caseload_role = models.CharField(max_length=12, choices=CaseloadRole.choices)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "staff", "caseload_role", "from_date"], name="one_caseload_entry_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "person"], condition=Q(to_date__isnull=True), name="caseload_now"),
        ]


class TeamMembership(models.Model):
    """Which team supports a person: the projection of the record's episodes that access rules read."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "team", "from_date"], name="one_membership_a_day"),
        ]
        indexes = [
            models.Index(fields=["team", "person"], condition=Q(to_date__isnull=True), name="membership_now"),
        ]

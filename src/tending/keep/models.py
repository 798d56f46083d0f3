"""The record: one clean dated history per person.

Every row names the submission and the line it came from. A correction is a new row; the row it replaces points to
it (``superseded_by``), and the database holds that each source key has exactly one current row.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q


class RecordQuerySet(models.QuerySet[Any]):
    def current(self) -> "RecordQuerySet":
        return self.filter(superseded_by__isnull=True, withdrawn=False)


class SourcedRow(models.Model):
    """What every row that came from a source has. See keep/precedence.py for which of two versions is the later."""

    source_key = models.CharField(max_length=250)  # source, kind and the source's own id: "ehr:contacts:C0012"
    content = models.CharField(max_length=32)  # digest of the mapped values: same content is the same row
    # No index: nothing is asked by submission often enough to pay for it on every row of an import.
    submission = models.ForeignKey("collect.Submission", on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.IntegerField()
    recorded_at = models.DateTimeField()  # when the delivery that first brought it was received
    confirmed_at = models.DateTimeField(null=True)  # when a later delivery that said the same was received
    source_time = models.DateTimeField(null=True)  # when the source says it was true
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    withdrawn = models.BooleanField(default=False)  # the source says: entered in error, or deleted

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["source_key"], condition=Q(superseded_by__isnull=True), name="one_current_%(class)s"
            ),
        ]
        indexes = [models.Index(fields=["source_key"], name="%(class)s_key")]


class RecordRow(SourcedRow):
    """What every dated row of a person's record has."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")

    class Meta(SourcedRow.Meta):
        abstract = True


class ProviderVersion(SourcedRow):
    """An organisation, a team or a role of a member of staff as one source gave it at one time.

    base.people holds the current projection.
    """

    kind = models.CharField(max_length=20)  # organisations, teams, staff
    subject = models.CharField(max_length=120)  # the organisation's, team's or member of staff's identifier
    details = models.JSONField()

    class Meta(SourcedRow.Meta):
        indexes = [*SourcedRow.Meta.indexes, models.Index(fields=["kind", "subject"])]


class PersonVersion(RecordRow):
    """The person's details as one source gave them at one time; base.people holds the current projection."""

    details = models.JSONField()


class CaseloadVersion(RecordRow):
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    caseload_role = models.CharField(max_length=12)
    from_date = models.DateField()
    to_date = models.DateField(null=True)


class Referral(RecordRow):
    referred_date = models.DateField()
    organisation = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=12)
    status = models.CharField(max_length=12)
    closed_date = models.DateField(null=True)


class Episode(RecordRow):
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="+")
    referral_key = models.CharField(max_length=250, blank=True)
    start_date = models.DateField()
    end_date = models.DateField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)
    derived = models.BooleanField(default=False)  # made from encounters because the source has no episodes


class Contact(RecordRow):
    staff = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    date = models.DateField()
    minutes = models.IntegerField(null=True)
    kind = models.CharField(max_length=20)
    medium = models.CharField(max_length=12)
    status = models.CharField(max_length=24)
    code = models.CharField(max_length=40, default="", blank=True)  # CPT, HCPCS or SNOMED CT, as the source sent it


class Response(RecordRow):
    """A completed (or incomplete) questionnaire: the answers by item code."""

    instrument = models.CharField(max_length=40)
    date = models.DateField()
    answered_at = models.DateTimeField(null=True)
    items = models.JSONField()  # {item code: value}
    # Where each answer comes from, when they came in several pieces: {item code: precedence}. See keep/pieces.py.
    parts = models.JSONField(null=True)


class ScoreReceived(RecordRow):
    """A total that another system computed and sent."""

    instrument = models.CharField(max_length=40)
    scale = models.CharField(max_length=40, default="TOTAL")
    date = models.DateField()
    value = models.FloatField()


class CrisisContact(RecordRow):
    at = models.DateTimeField()
    date = models.DateField()
    kind = models.CharField(max_length=24)
    organisation = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=200, blank=True)


class Stay(RecordRow):
    kind = models.CharField(max_length=24)
    organisation = models.ForeignKey("people.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    admitted_at = models.DateTimeField()
    admitted_date = models.DateField()
    discharged_at = models.DateTimeField(null=True)
    discharged_date = models.DateField(null=True)
    destination = models.CharField(max_length=16, blank=True)
    notified_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=40, default="", blank=True)


class HousingState(RecordRow):
    from_date = models.DateField()
    state = models.CharField(max_length=16)


class Goal(RecordRow):
    stated_date = models.DateField()
    words = models.TextField()
    domain = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=12)
    closed_date = models.DateField(null=True)


class GoalRating(RecordRow):
    goal_key = models.CharField(max_length=250)
    rated_date = models.DateField()
    rating = models.IntegerField()
    rated_by = models.CharField(max_length=8)


class CarePlanEvent(RecordRow):
    event_date = models.DateField()
    kind = models.CharField(max_length=24)
    staff = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")


class Diagnosis(RecordRow):
    system = models.CharField(max_length=12)
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=250)
    onset_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    certainty = models.CharField(max_length=12, default="CONFIRMED")  # CONFIRMED, PROVISIONAL
    activity = models.CharField(max_length=12, default="", blank=True)  # ACTIVE, INACTIVE; empty: not said


class Procedure(RecordRow):
    """Something done or ordered that has a code: an assessment, counselling, hospice or palliative care."""

    staff = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    system = models.CharField(max_length=12)
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=250)
    status = models.CharField(max_length=12)  # DONE, ORDERED


class Consent(RecordRow):
    kind = models.CharField(max_length=24)
    given_date = models.DateField()
    expires_date = models.DateField(null=True)
    revoked_date = models.DateField(null=True)


class PersonHead(models.Model):
    """Changes whenever anything of a person's record changes: what the turn of the loop compares with."""

    person = models.OneToOneField("people.Person", primary_key=True, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=40)
    # The token for which data-quality findings were last worked out; another one means: look again.
    checked_token = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person"], condition=~Q(token=F("checked_token")), name="head_unchecked")]


class DataQualityFinding(models.Model):
    """Something in the record that cannot be right, or is missing: routed to the role that can mend it."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)  # DUPLICATE_PERSON, DATE_ORDER, BEFORE_BIRTH, ...
    key = models.CharField(max_length=250)  # what it is about: the same finding is found once
    message = models.CharField(max_length=500)
    fix = models.CharField(max_length=500)
    role = models.CharField(max_length=20)  # who can mend it
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)  # the record no longer shows it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(gone_at__isnull=True), name="one_open_finding"
            ),
        ]

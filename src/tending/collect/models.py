"""What arrived: deliveries of files and answers, kept verbatim, and the rows nobody could understand yet."""

from django.conf import settings
from django.db import models
from django.db.models import Q

STUMBLED = "stumbled"  # in a delivery's notes: what went wrong when it was last read on


class Delivery(models.Model):
    """One act of giving: a folder, a file, an upload, one set of answers. Unfinished means: resume it."""

    class Form(models.TextChoices):
        FHIR = "FHIR"
        CSV = "CSV"
        ANSWERS = "ANSWERS"

    form = models.CharField(max_length=10, choices=Form.choices)
    source = models.CharField(max_length=60)  # the system it comes from: identifiers are unique within it
    name = models.CharField(max_length=300)  # what the giver called it
    received_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    mapping = models.JSONField(default=dict)  # the column, date and code mapping it was read with
    finished_at = models.DateTimeField(null=True)
    failed_why = models.CharField(max_length=500, blank=True)
    notes = models.JSONField(default=dict)  # absent references, kinds not read, counts by outcome

    class Meta:
        indexes = [
            models.Index(fields=["received_at"]),
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="delivery_unfinished"),
        ]


class Submission(models.Model):
    """One file or one set of answers, exactly as it arrived. The bytes lie in the raw store under ``sha256``."""

    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)  # a CSV template, a FHIR resource type, Bundle, ANSWERS
    media_type = models.CharField(max_length=60)
    size = models.BigIntegerField()
    received_at = models.DateTimeField()
    # When the source says the content was true (a manifest's transactionTime); decides which correction is later.
    source_time = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "sha256"], name="one_submission_a_content"),
        ]


class DeliveryItem(models.Model):
    """A submission's place in a delivery, and how far it has been read: written with the rows themselves."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="items")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="items")
    order = models.IntegerField()
    name = models.CharField(max_length=300)  # the file's name
    lines_read = models.IntegerField(default=0)
    rows_new = models.IntegerField(default=0)
    rows_same = models.IntegerField(default=0)
    rows_corrected = models.IntegerField(default=0)
    rows_quarantined = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "order"], name="one_item_a_place"),
            models.UniqueConstraint(fields=["delivery", "name"], name="one_item_a_name"),
        ]


class QuarantinedRow(models.Model):
    """A row that could not be understood: where it is, why, and what to do. Nothing is dropped."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="quarantined")
    line = models.IntegerField()
    kind = models.CharField(max_length=60)
    field = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=40)  # a code, such as UNKNOWN_PERSON, BAD_DATE
    message = models.CharField(max_length=500)  # what, where, in words
    fix = models.CharField(max_length=500)  # the next step, in words
    reference = models.CharField(max_length=200, blank=True)  # what it waits for, when it waits for something
    quarantined_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=300, blank=True)  # REPLAYED, or why it was set aside
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "line", "field", "reason"], name="one_quarantine_a_fault"),
        ]
        indexes = [
            models.Index(fields=["reason", "reference"], condition=Q(resolved_at__isnull=True), name="waiting"),
        ]


class Ask(models.Model):
    """A request to answer one instrument by link: no account, one question a page."""

    token_digest = models.CharField(max_length=64, unique=True)  # only the digest is stored
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    instrument = models.CharField(max_length=40)
    instrument_version = models.IntegerField()
    language = models.CharField(max_length=10, default="en")
    asked_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    submission = models.ForeignKey(Submission, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)


class DraftAnswer(models.Model):
    """An answer given so far, so that a person may stop and come back. Rows are added; the last one counts."""

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="drafts")
    item = models.CharField(max_length=40)
    value = models.IntegerField(null=True)  # null: chose not to answer
    given_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ask", "item", "given_at"])]


class QuestionnaireWording(models.Model):
    """Official wording a provider brought as a FHIR Questionnaire, with its copyright line. Never shipped."""

    instrument = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    copyright = models.TextField()
    items = models.JSONField()  # {item code: text}
    answers = models.JSONField()  # {value: text}
    loaded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["instrument", "language", "loaded_at"])]

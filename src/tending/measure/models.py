"""Scores, each with the version of the definition that made it, and where each person stands now."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class InstrumentVersion(models.Model):
    """A definition as it was when it made scores. The text is kept, so an old score can always be explained."""

    code = models.CharField(max_length=40)
    version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    body = models.JSONField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "fingerprint"], name="one_instrument_version")]


class SupersededWhy(models.TextChoices):
    """Why a score no longer counts. Nothing is rescored without a word."""

    CORRECTED = "CORRECTED", _("The answers were corrected.")
    NEW_DEFINITION = "NEW_DEFINITION", _("The definition of the instrument changed.")
    WITHDRAWN = "WITHDRAWN", _("The source withdrew the answers.")
    ANSWERS_ARRIVED = "ANSWERS_ARRIVED", _("The answers themselves arrived; they count, not the total sent before.")


class Score(models.Model):
    """One scale of one completed measure, or the named reason why there is no score."""

    # No index of its own on either reference: one below begins with the person, and nobody asks by version.
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    measure = models.CharField(max_length=80)  # "PHQ-9" for a total, "DIALOG/TREATMENT" for a subscale
    date = models.DateField()
    answered_at = models.DateTimeField(null=True)  # where it is known: orders two answers of one day
    value = models.FloatField(null=True)
    missing_reason = models.CharField(max_length=20, blank=True)  # INCOMPLETE, OUT_OF_RANGE; empty when scored
    n_answered = models.IntegerField(null=True)
    band = models.CharField(max_length=60, blank=True)
    instrument_version = models.ForeignKey(
        InstrumentVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # The record row it was made from: keep's table, its source key and content, so a rebuild gives the same row.
    made_from = models.CharField(max_length=20)  # Response or ScoreReceived
    source_key = models.CharField(max_length=250)
    content = models.CharField(max_length=32)
    scored_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    superseded_why = models.CharField(max_length=20, blank=True, choices=SupersededWhy.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "source_key"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_score",
            ),
        ]
        indexes = [models.Index(fields=["person", "measure", "date"])]


class Standing(models.Model):
    """Where a person stands on one measure: the projection lists and pages read. Recomputed, never edited."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    measure = models.CharField(max_length=80)
    n_scores = models.IntegerField()
    first_value = models.FloatField()
    first_date = models.DateField()
    best_value = models.FloatField()
    best_date = models.DateField()
    previous_value = models.FloatField(null=True)
    previous_date = models.DateField(null=True)
    last_value = models.FloatField()
    last_date = models.DateField()
    last_band = models.CharField(max_length=60, blank=True)
    since_first = models.CharField(max_length=30)  # outcomestats.change classes
    since_best = models.CharField(max_length=30)
    since_previous = models.CharField(max_length=30, blank=True)
    recent = models.JSONField(default=list)  # [[day number, value], …] the last twelve, for sparklines

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "measure"], name="one_standing")]


class ScoredPerson(models.Model):
    """What the last scoring saw of a person. When any part differs from what is, the person is scored again."""

    person = models.OneToOneField("people.Person", primary_key=True, on_delete=models.CASCADE, related_name="+")
    head = models.CharField(max_length=40)  # keep's PersonHead token
    definitions = models.CharField(max_length=64)  # fingerprint of the instruments in force

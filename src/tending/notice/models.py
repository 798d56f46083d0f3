"""Signals: a trigger met by somebody's record, with the evidence and the version of the trigger."""

from django.db import models
from django.db.models import Q


class TriggerVersion(models.Model):
    """A trigger's definition as it was. Signals point here, so each can be explained for ever."""

    code = models.CharField(max_length=60)
    version = models.IntegerField()
    fingerprint = models.CharField(max_length=64)
    body = models.JSONField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "fingerprint"], name="one_trigger_version")]


class Signal(models.Model):
    """The same evidence never signals twice; a repeat inside the quiet period is kept and points to the first."""

    # No index of its own on the references that an index below begins with.
    trigger_version = models.ForeignKey(TriggerVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    trigger = models.CharField(max_length=60)  # the trigger's code
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    evidence_key = models.CharField(max_length=400)  # frame, source key and measure of the anchor row
    severity = models.CharField(max_length=8)  # URGENT, HIGH, ROUTINE
    owner_role = models.CharField(max_length=20)
    noticed_at = models.DateTimeField()
    as_of = models.DateField()  # the day the question was asked about
    respond_by = models.DateTimeField()
    repeat_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repeats")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trigger_version", "person", "evidence_key"], name="one_signal_an_evidence"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "noticed_at"]),
            models.Index(fields=["team", "noticed_at"]),
            models.Index(fields=["noticed_at"], condition=Q(repeat_of__isnull=True), name="signal_first"),
        ]


class SignalEvidence(models.Model):
    """One record row a signal rests on: what it was at the time, and the key that leads back to its line."""

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="evidence", db_index=False)
    role = models.CharField(max_length=20)  # LATEST, FIRST, BEST, PREVIOUS, MISSED, CRISIS, ...
    anchor = models.BooleanField()
    frame = models.CharField(max_length=30)  # scores, contacts, crisis, stays, housing, ...
    source_key = models.CharField(max_length=250)
    measure = models.CharField(max_length=80, blank=True)
    date = models.DateField()
    value = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["signal", "frame", "source_key", "measure", "role"], name="one_evidence_row"
            ),
        ]


class TurnedPerson(models.Model):
    """What the last turn saw of a person. When any part differs from what is, the person is turned again."""

    person = models.OneToOneField("people.Person", primary_key=True, on_delete=models.CASCADE, related_name="+")
    head = models.CharField(max_length=40)  # keep's PersonHead token
    as_of = models.DateField()
    definitions = models.CharField(max_length=64)  # fingerprint of all instruments and triggers in force

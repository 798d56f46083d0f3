"""The audit trail. Rows are only ever added: database triggers refuse anything else."""

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    class Kind(models.TextChoices):
        VIEW = "VIEW"
        SEARCH = "SEARCH"
        WRITE = "WRITE"
        EXPORT = "EXPORT"
        PRINT = "PRINT"
        SIGN_IN = "SIGN_IN"
        SIGN_OUT = "SIGN_OUT"
        COMMAND = "COMMAND"

    class Result(models.TextChoices):
        OK = "OK"
        DENIED = "DENIED"
        FAILED = "FAILED"

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # No account: the system itself, a command on the host, or somebody who is not signed in (said in ``actor``).
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    actor = models.CharField(max_length=200)
    person = models.ForeignKey(
        "people.Person", null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    what = models.CharField(max_length=300)
    subject = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=300, blank=True)
    screen = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=6, choices=Result.choices, default=Result.OK)
    count = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "at"]), models.Index(fields=["account", "at"])]


class AuditSeal(models.Model):
    """A closed batch of events and the hash that chains it to the batch before."""

    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    n_events = models.IntegerField()
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField()

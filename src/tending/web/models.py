"""Whether the loop keeps turning: the one thing the joining package has to remember."""

from django.db import models


class WorkerTick(models.Model):
    """One worker's last turn. A row, not a file, because the site may run on another machine."""

    worker = models.CharField(max_length=120, unique=True)  # the machine and the process
    at = models.DateTimeField()  # the last turn that went well
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)  # what went wrong last, in words

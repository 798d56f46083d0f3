"""What happened before a person was born, or after they died?"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from tending.keep import models
from tending.keep.findings.found import Found

# The table, the day that counts, and whether it may lie after death (a referral closed, a score entered late may).
_DAYS: tuple[tuple[type[models.RecordRow], str, Q | None], ...] = (
    (models.Contact, "date", Q(status="ATTENDED")),
    (models.Response, "date", Q()),
    (models.ScoreReceived, "date", Q()),
    (models.CrisisContact, "date", Q()),
    (models.Stay, "admitted_date", Q()),
    (models.Episode, "start_date", Q()),
    (models.Referral, "referred_date", Q()),
    (models.CarePlanEvent, "event_date", None),
    (models.Procedure, "from_date", None),
    (models.HousingState, "from_date", None),
)
SHOWN = 5  # of one kind and person: the first few say enough


def find(person_ids: Collection[int]) -> Iterator[Found]:
    for model, day, when in _DAYS:
        rows: Any = model._default_manager.filter(
            person_id__in=person_ids, superseded_by__isnull=True, withdrawn=False
        )
        name = str(model._meta.verbose_name)
        before = rows.filter(**{f"{day}__lt": F("person__birth_date")})
        yield from _found("BEFORE_BIRTH", before, day, name, _("the person's date of birth is %s"), "birth_date")
        if when is not None:
            after = rows.filter(when, **{f"{day}__gt": F("person__death_date")})
            yield from _found("AFTER_DEATH", after, day, name, _("the person is recorded as having died on %s"))


def _found(kind: str, rows: Any, day: str, name: str, words: str, compared: str = "death_date") -> Iterator[Found]:
    shown: dict[int, int] = {}
    found = rows.order_by("person_id", day, "id").values_list("person_id", "source_key", day, f"person__{compared}")
    for person_id, key, happened, date in found.iterator():
        shown[person_id] = shown.get(person_id, 0) + 1
        if shown[person_id] > SHOWN:
            continue
        message = _("A %(what)s is dated %(day)s, but %(other)s.") % {
            "what": name,
            "day": happened.isoformat(),
            "other": words % date.isoformat(),
        }
        fix = _("Correct the date that is wrong in the record system; the next file brings the correction.")
        yield Found(person_id, kind, key, message, fix)

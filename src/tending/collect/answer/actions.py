"""Asking, answering and handing in. An answer is kept the moment it is given."""

import hashlib
import json
import secrets
from datetime import timedelta

from django.db import transaction

from tending.base import clock
from tending.base.access.models import Account
from tending.base.audit import actions as audit
from tending.base.people.models import Person, PersonIdentifier
from tending.collect import raw_store
from tending.collect.actions import received_now
from tending.collect.answer.questions import instruments
from tending.collect.models import Ask, Delivery, DeliveryItem, DraftAnswer, Submission

SOURCE = "tending"
OPEN_DAYS = 14


def digest(*, token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def ask(*, by: Account | None, person_id: int, instrument: str, language: str, days: int = OPEN_DAYS) -> str:
    """Make a link for one person and one instrument; the token is returned once and never stored."""
    person = Person.objects.get(pk=person_id)
    PersonIdentifier.objects.get_or_create(source=SOURCE, value=person.code, defaults={"person": person})
    token = secrets.token_urlsafe(24)
    made = Ask.objects.create(
        token_digest=digest(token=token),
        person=person,
        instrument=instrument,
        instrument_version=instruments()[instrument].version,
        language=language,
        asked_at=clock.now(),
        by=by,
        expires_at=clock.now() + timedelta(days=days),
    )
    audit.wrote(by=by, what=f"made a link to answer {instrument}", person_id=person_id, subject=f"ask:{made.pk}")
    return token


@transaction.atomic
def save(*, ask_id: int, item: str, value: int | None) -> None:
    """Keep one answer (None: chose not to answer). A later answer to the same question counts."""
    DraftAnswer.objects.create(ask_id=ask_id, item=item, value=value, given_at=clock.now())


def given(*, ask_id: int) -> dict[str, int | None]:
    """The answers so far: the last one given to each question."""
    rows = DraftAnswer.objects.filter(ask_id=ask_id).order_by("id").values_list("item", "value")
    return dict(rows)


@transaction.atomic
def hand_in(*, ask_id: int, complete: bool) -> int:
    """Submit the answers as they are and return the delivery. Handing in the same twice is the same submission.

    An incomplete set is handed in at once when an answer carries risk, so that staff know before the person has
    finished; the complete set then corrects it under the same key, and no second signal is made.
    """
    one = Ask.objects.select_for_update().select_related("person").get(pk=ask_id)
    content = {
        "ask": one.pk,
        "person": one.person.code,
        "instrument": one.instrument,
        "instrument_version": one.instrument_version,
        "complete": complete,
        "answered_date": clock.today().isoformat(),
        "answers": given(ask_id=ask_id),
    }
    received_at = received_now()
    stored = raw_store.keep([json.dumps(content, sort_keys=True).encode()])
    submission, _ = Submission.objects.get_or_create(
        sha256=stored.sha256,
        source=SOURCE,
        kind=Delivery.Form.ANSWERS,
        defaults={"media_type": "application/json", "size": stored.size, "received_at": received_at},
    )
    name = f"answers to {one.instrument}, link {one.pk}"
    delivery = Delivery.objects.create(
        form=Delivery.Form.ANSWERS, source=SOURCE, name=name, received_at=received_at, by=None
    )
    DeliveryItem.objects.create(delivery=delivery, submission=submission, order=0, name=name)
    if complete:
        Ask.objects.filter(pk=ask_id, answered_at__isnull=True).update(answered_at=clock.now(), submission=submission)
    said = "handed in all answers" if complete else "handed in answers so far, one of which carries risk"
    audit.wrote(by=None, what=f"{said} to {one.instrument}", person_id=one.person_id, subject=f"ask:{one.pk}")
    return delivery.pk


@transaction.atomic
def withdraw(*, by: Account, ask_id: int, why: str) -> None:
    """Close a link before it is used."""
    one = Ask.objects.get(pk=ask_id)
    Ask.objects.filter(pk=ask_id, answered_at__isnull=True, withdrawn_at__isnull=True).update(
        withdrawn_at=clock.now()
    )
    audit.wrote(by=by, what="withdrew a link", person_id=one.person_id, subject=f"ask:{ask_id}", why=why)

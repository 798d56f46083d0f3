"""Live through the days until yesterday: notice each morning, open reviews, work on them, let the clock escalate.

Everything is done by the same functions as on any other day; only the clock is held at each moment in turn. What the
stories of this Monday are about is left alone, and so is what waits for the cast to decide: it is theirs who sign in.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import click
from django.db import transaction

from tending.base import clock
from tending.base.access.models import Account
from tending.base.access.viewer import Viewer, viewer_of
from tending.base.people.models import Organisation, Person, Team
from tending.keep import queries as keep
from tending.measure import actions as measure
from tending.notice import actions as notice
from tending.notice.definitions import in_force
from tending.notice.evidence import tables_of
from tending.review import actions as review
from tending.review.case_review.at_once import acts
from tending.review.case_review.at_once.doing import do_all
from tending.review.models import LookBack, ParticipantState, ReviewSignal, ReviewState
from tending.review.owners import Ladder
from tending.web.demonstration.living import lives, phrases
from tending.web.demonstration.living.following import Following
from tending.web.demonstration.living.lives import Life, Provider
from tending.web.demonstration.living.mornings import evidence_of_days
from tending.web.demonstration.living.timeliness import Opened, Timeliness
from tending.web.demonstration.living.working_time import days_on, working_day_before
from tending.web.demonstration.setting.cast import CAST

CAST_EMAILS = frozenset(member.email for member in CAST)
MORNING = (6, 30)  # after the night's export
NOON = (13, 0)  # twice a day what people did since is written, and the clock is asked who must be told
STORY_DAYS = 4
DECISION_DAYS = 4
LATELY_DAYS = 12
TRIES_DAYS = 1.5


@dataclass(slots=True)
class Lived:
    """What has to be remembered from one day to the next."""

    provider: Provider
    following: Following
    seed: int
    people: Mapping[int, str]  # person number: the identifier on paper
    teams: Mapping[int, str]
    themes: Mapping[str, str]  # by trigger
    left_alone: frozenset[int]  # people of the stories, from the first day of the last week on
    left_from: date
    cast: frozenset[int]  # their accounts
    decisions_left_from: datetime
    viewers: dict[int, Viewer] = field(default_factory=dict)
    lives: dict[int, Life] = field(default_factory=dict)
    refused: int = 0


def live(*, days: int, seed: int, truth: Mapping[str, Any], accounts: Mapping[int, Account]) -> Lived:
    """The last ``days`` days until this morning; today is left to the loop itself."""
    heads = keep.heads()
    measure.score(heads=heads)
    tables = tables_of(heads)
    today = clock.today()
    lived = _begin(truth, accounts, tables, seed=seed, today=today)
    asked = list(range(clock.day_number(today) - days - 1, clock.day_number(today)))
    now = clock.now()
    with click.progressbar(length=len(asked), label=f"{'Living through the days':<24}") as bar:
        for number, evidence in evidence_of_days(tables, in_force(), asked):
            evening = clock.EPOCH + timedelta(days=number)
            if clock.at(evening + timedelta(days=1), *MORNING) < now:
                _day(lived, evidence, evening=evening, last=evening + timedelta(days=1) == today)
            bar.update(1)
    return lived


def _begin(
    truth: Mapping[str, Any], accounts: Mapping[int, Account], tables: Mapping[str, Any], *, seed: int, today: date
) -> Lived:
    people = dict(Person.objects.values_list("pk", "code"))
    stories = set(truth["stories"].values())
    # A person's code is the source's own identifier, perhaps with the source before it.
    alone = frozenset(pk for pk, code in people.items() if code.rsplit(":", 1)[-1] in stories)
    triggers = in_force().by_code
    organisations = Organisation.objects.order_by("-pk").values_list("kind", "pk")
    return Lived(
        provider=Provider(
            accounts, dict(organisations), Timeliness.of(truth), clock.at(today - timedelta(days=LATELY_DAYS))
        ),
        following=Following(tables),
        seed=seed,
        people={pk: code.rsplit(":", 1)[-1] for pk, code in people.items()},
        teams=dict(Team.objects.values_list("pk", "code")),
        themes={code: phrases.THEMES[trigger.condition] for code, trigger in triggers.items()},
        left_alone=alone,
        left_from=today - timedelta(days=STORY_DAYS),
        cast=frozenset(account.pk for account in accounts.values() if account.email in CAST_EMAILS),
        decisions_left_from=clock.at(today - timedelta(days=DECISION_DAYS)),
        viewers={account.pk: viewer_of(account) for account in accounts.values()},
    )


@transaction.atomic
def _day(lived: Lived, evidence: Any, *, evening: date, last: bool) -> None:
    """From morning to noon; of the last day, this one, only the morning: what is new waits for whoever signs in."""
    day = evening + timedelta(days=1)
    morning = clock.at(day, *MORNING)
    with clock.travelling(morning):
        _work(lived, morning)
        notice.notice_past(evidence=evidence, as_of=evening)
        review.open_reviews(now=morning)
        _take_on(lived, morning)
        review.escalate(now=morning)
    if not last:
        noon = clock.at(day, *NOON)
        with clock.travelling(noon):
            _work(lived, noon)
            review.escalate(now=noon)


def _take_on(lived: Lived, now: datetime) -> None:
    """Whoever owns what was opened or pressed this morning plans what to do."""
    rows = ReviewState.objects.filter(entered_at=now, left_at__isnull=True, state="OPENED")
    opened = list(rows.select_related("review").order_by("review_id"))
    joined = ReviewSignal.objects.filter(joined_at=now).select_related("signal").order_by("pk")
    signals: dict[int, list[str]] = {}
    for each in joined:
        signals.setdefault(each.review_id, []).append(each.signal.trigger)
    seats = _seats([row.review_id for row in opened])
    ladder = Ladder.of({row.review.person_id for row in opened}, on=clock.local_date(now))
    for row in opened:
        if not _alone(lived, row.review.person_id, now):
            _plan(lived, _opened(lived, row, signals.get(row.review_id, []), seats.get(row.review_id, {})), ladder)
    pressed = {row.review_id for row in opened}
    for review_id in signals.keys() - pressed & lived.lives.keys():
        found = lived.lives[review_id]
        begun = not any(isinstance(act, acts.Begin) for act in found.to_do)
        if begun and not _alone(lived, found.opened.person_id, now):
            found.to_do.append(lives.about_joined(found.opened, lived.provider, now, found.rng))


def _alone(lived: Lived, person_id: int, now: datetime) -> bool:
    return person_id in lived.left_alone and clock.local_date(now) >= lived.left_from


def _seats(review_ids: Sequence[int]) -> dict[int, dict[str, int | None]]:
    """Who was named for each required seat of these reviews."""
    rows = ParticipantState.objects.filter(
        participant__review_id__in=review_ids, participant__required=True, left_at__isnull=True
    )
    found: dict[int, dict[str, int | None]] = {}
    for review_id, role, staff_id in rows.order_by("participant_id").values_list(
        "participant__review_id", "participant__role", "staff_id"
    ):
        found.setdefault(review_id, {})[role] = staff_id
    return found


def _opened(lived: Lived, row: ReviewState, triggers: list[str], seats: dict[str, int | None]) -> Opened:
    about = row.review
    return Opened(
        review_id=about.pk,
        person_id=about.person_id,
        person_code=lived.people[about.person_id],
        team_id=about.team_id,
        team_code=lived.teams.get(about.team_id or 0, ""),
        owner_id=row.owner_id,
        severity=row.severity,
        at=row.entered_at,
        respond_by=row.respond_by,
        themes=tuple(lived.themes[code] for code in triggers) or (phrases.SCORE,),
        seats=seats,
    )


def _plan(lived: Lived, opened: Opened, ladder: Ladder) -> None:
    known = lived.lives.get(opened.review_id)
    if known is None:
        rng = random.Random(f"{lived.seed}:{opened.person_code}:{opened.at:%Y-%m-%d}")  # noqa: S311 - made up
        lived.lives[opened.review_id] = lives.life(opened, lived.provider, ladder, rng)
        return
    known.begin_again(opened, lived.provider)
    known.to_do.append(lives.about_joined(opened, lived.provider, known.to_do[0].at, known.rng))


def _work(lived: Lived, until: datetime) -> None:
    """Everybody does what is due by now; what the rules refuse is tried again some days later."""
    wanted = [
        act
        for found in lived.lives.values()
        if found.to_do and not _alone(lived, found.opened.person_id, until)
        for act in found.due(until)
        if not _left_to_the_cast(lived, act)
    ]
    if not wanted:
        return
    refused = do_all(wanted, viewers=lived.viewers)
    lived.refused += len(refused)
    for each in refused:
        lived.lives[each.act.review_id].later(each.act, TRIES_DAYS)
    kept = {id(each.act) for each in refused}
    closed = [act for act in wanted if isinstance(act, acts.Close) and id(act) not in kept]
    for act in closed:
        _plan_look_back(lived, act)


def _left_to_the_cast(lived: Lived, act: acts.Act) -> bool:
    return isinstance(act, acts.Decide) and act.by.pk in lived.cast and act.at >= lived.decisions_left_from


def _plan_look_back(lived: Lived, closed: acts.Close) -> None:
    found = lived.lives[closed.review_id]
    due = LookBack.objects.values_list("due_date", flat=True).get(review_id=closed.review_id)
    late = found.rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 3))
    at = days_on(clock.at(working_day_before(due), 10), late, found.rng)
    state, text = lived.following.followed(
        found.opened.person_id,
        opened=clock.day_number(clock.local_date(found.opened.at)),
        today=clock.day_number(clock.local_date(at)),
        rng=found.rng,
    )
    found.to_do = [acts.LookAgain(review_id=closed.review_id, at=at, by=closed.by, followed=state, text=text)]

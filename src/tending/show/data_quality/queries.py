"""One queue of what wants mending, and how complete the measures are by team and month."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tending.base import clock
from tending.base.access.permissions import check_may, may
from tending.base.access.viewer import Viewer
from tending.base.access.visibility import care_team_ids
from tending.base.amounts import amount
from tending.base.people import queries as people
from tending.base.people.models import Role
from tending.collect.quarantine import queries as quarantine
from tending.collect.quarantine.addresses import group_url
from tending.keep.quality import queries as kept
from tending.keep.quality.queries import PersonNamed
from tending.measure.coverage import queries as measured
from tending.show.data_quality import words
from tending.show.data_quality.surveyed import Surveyed
from tending.show.data_quality.words import DISAGREES, LATE, MISSING, OVERDUE, QUARANTINE

PERMISSION = "see_data_quality"
PAGE = 50
MOST = 4  # teams or measures named in one line


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters, as the URL has them."""

    team_id: int | None = None
    role: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One thing to mend, however many rows or people it is about."""

    kind: str
    title: str
    what: str
    where: str
    why: str
    next_step: str
    role: str
    n: int
    since: date | None
    url: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; ``percent`` is None when there is nobody to count."""

    number: int
    denominator: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.number / self.denominator) if self.denominator else None


@dataclass(frozen=True, slots=True)
class TeamCompleteness:
    team: str
    people: int
    first: tuple[Share, ...]  # by month, the earliest first
    recent: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """One person of one line of the queue."""

    person: PersonNamed
    team: str
    what: str
    days: int


def measures_in(*, viewer: Viewer, kind: str, found: Surveyed) -> dict[str, str]:
    """The measures that people of one line lack, by name: for a filter."""
    frame = _scoped(_frame(found, kind), viewer, teams(viewer=viewer), None)
    titles = measured.totals()
    if "measure" not in frame.columns:
        return {}
    return {name: titles[name].title for name in sorted(frame["measure"].unique()) if name in titles}


def teams(*, viewer: Viewer) -> dict[int, str]:
    """The teams whose data this viewer looks after: one query."""
    held = care_team_ids(viewer, PERMISSION)
    named = {int(choice.value): choice.label for choice in people.team_choices(viewer=viewer)}
    return {team: name for team, name in named.items() if held is None or team in held}


def queue(*, viewer: Viewer, wanted: Wanted, found: Surveyed) -> list[QueueLine]:
    """Everything to mend that this viewer may see, what is missing from the record first: a constant number of
    queries. Raises PermissionDenied."""
    check_may(viewer, PERMISSION)
    names = teams(viewer=viewer)
    lines = _quarantine_lines(viewer, wanted) + _finding_lines(viewer, wanted)
    lines += _gap_lines(viewer, wanted, found, names)
    return [
        line
        for line in lines
        if (not wanted.role or line.role == wanted.role) and (not wanted.kind or line.kind == wanted.kind)
    ]


def completeness(*, viewer: Viewer, wanted: Wanted, found: Surveyed) -> list[TeamCompleteness]:
    """By team, the teams in the order of their names: one query."""
    check_may(viewer, PERMISSION)
    names = teams(viewer=viewer)
    rows = {(row["team_id"], row["day"]): row for row in found.completeness.iter_rows(named=True)}
    nobody = {"people": 0, "recent": 0, "settled": 0, "first": 0}
    lines = []
    for team_id, name in names.items():
        if wanted.team_id not in (None, team_id):
            continue
        months = [rows.get((team_id, day), nobody) for day in found.days]
        if any(month["people"] for month in months):
            lines.append(
                TeamCompleteness(
                    team=name,
                    people=months[-1]["people"],
                    first=tuple(Share(month["first"], month["settled"]) for month in months),
                    recent=tuple(Share(month["recent"], month["people"]) for month in months),
                )
            )
    return lines


def opened(
    *, viewer: Viewer, kind: str, number: str, found: Surveyed, team_id: int | None = None, measure: str = ""
) -> tuple["Page[Any]", list[Opened]]:
    """The people of one line, the longest waiting first, a page at a time: three queries."""
    check_may(viewer, PERMISSION)
    names = teams(viewer=viewer)
    frame = _scoped(_frame(found, kind), viewer, names, team_id)
    if measure:
        frame = frame.filter(pl.col("measure") == measure)
    frame = frame.sort(["days", "person_id"], descending=[True, False])
    page = Paginator(range(frame.height), PAGE).get_page(number)
    rows = frame.slice(page.start_index() - 1 if frame.height else 0, PAGE).rows(named=True)
    named = kept.named_people(viewer=viewer, person_ids={row["person_id"] for row in rows})
    titles = measured.totals()
    return page, [
        Opened(
            person=named[row["person_id"]],
            team=names.get(row["team_id"], ""),
            what=_about(row, titles),
            days=row["days"],
        )
        for row in rows
    ]


def _about(row: dict[str, Any], titles: dict[str, measured.MeasureUsed]) -> str:
    if "measure" in row:
        return titles[row["measure"]].title if row["measure"] in titles else str(row["measure"])
    return (clock.EPOCH + timedelta(days=row["day"])).isoformat()


def _quarantine_lines(viewer: Viewer, wanted: Wanted) -> list[QueueLine]:
    """Rows in quarantine belong to no team yet, so they are for who looks after the data of all."""
    if not may(viewer, quarantine.PERMISSION) or wanted.team_id is not None:
        return []
    return [
        QueueLine(
            kind=QUARANTINE,
            title=words.title(QUARANTINE),
            what=group.message,
            where=f"{group.file} · {group.field}" if group.field else group.file,
            why=words.why(QUARANTINE),
            next_step=group.fix,
            role=Role.DATA_STEWARD,
            n=group.n,
            since=clock.local_date(group.since),
            url=group_url(group),
        )
        for group in quarantine.groups(viewer=viewer)
    ]


def _finding_lines(viewer: Viewer, wanted: Wanted) -> list[QueueLine]:
    return [
        QueueLine(
            kind=group.kind,
            title=words.title(group.kind),
            what=_("For example: %s") % group.example if group.n > 1 else group.example,
            where=ngettext("%(n)s person", "%(n)s people", group.n_people) % {"n": amount(group.n_people)},
            why=words.why(group.kind),
            next_step=group.fix,
            role=group.role,
            n=group.n,
            since=clock.local_date(group.since),
            url=_url("data_quality_findings", group.kind, team=wanted.team_id or ""),
        )
        for group in kept.finding_groups(viewer=viewer, team_id=wanted.team_id)
    ]


def _gap_lines(viewer: Viewer, wanted: Wanted, found: Surveyed, names: dict[int, str]) -> list[QueueLine]:
    """One line a kind, however many teams: it opens to the people, by team and measure."""
    lines = []
    for kind in (DISAGREES, MISSING, OVERDUE, LATE):
        frame = _scoped(_frame(found, kind), viewer, names, wanted.team_id)
        if not frame.is_empty():
            lines.append(_gap_line(kind, frame, found, names, wanted))
    return lines


def _gap_line(kind: str, frame: pl.DataFrame, found: Surveyed, names: dict[int, str], wanted: Wanted) -> QueueLine:
    by_team = frame.group_by("team_id").agg(pl.col("person_id").n_unique().alias("n"))
    teams_first = by_team.sort(["n", "team_id"], descending=[True, False]).rows()
    return QueueLine(
        kind=kind,
        title=words.title(kind),
        what=_late_words(frame, found) if kind == LATE else _measures_words(frame),
        where=_teams_words(teams_first, names),
        why=words.why(kind),
        next_step=str(words.FIX[kind]),
        role=words.ROLE[kind],
        n=frame.height if kind == LATE else frame["person_id"].n_unique(),
        since=None,
        url=_url("data_quality_opened", kind, team=wanted.team_id),
    )


def _measures_words(frame: pl.DataFrame) -> str:
    counted = frame.group_by("measure").agg(pl.len().alias("n")).sort(["n", "measure"], descending=[True, False])
    titles = measured.totals()
    said = [f"{titles[name].title if name in titles else name}: {amount(n)}" for name, n in counted.head(MOST).rows()]
    return "; ".join(said) + (" …" if counted.height > MOST else "")


def _late_words(frame: pl.DataFrame, found: Surveyed) -> str:
    visits = int(found.gaps.visits.join(frame.select("team_id").unique(), on="team_id", nulls_equal=True)["n"].sum())
    return _("%(n)s of %(all)s visits of the last 30 days came more than a week later.") % {
        "n": amount(frame.height),
        "all": amount(visits),
    }


def _teams_words(counted: list[tuple[Any, ...]], names: dict[int, str]) -> str:
    if len(counted) == 1:
        return names.get(counted[0][0] or 0, _("No team"))
    said = ", ".join(f"{names.get(team or 0, _('No team'))} {amount(n)}" for team, n in counted[:MOST])
    return said + (" …" if len(counted) > MOST else "")


def _frame(found: Surveyed, kind: str) -> pl.DataFrame:
    gaps = found.gaps
    return {DISAGREES: gaps.disagreeing, MISSING: gaps.missing, OVERDUE: gaps.overdue, LATE: gaps.late}[kind]


def _scoped(frame: pl.DataFrame, viewer: Viewer, names: dict[int, str], team_id: int | None) -> pl.DataFrame:
    """Only the rows of teams this viewer looks after; rows without a team are for who looks after all."""
    seen = pl.col("team_id").is_in(list(names))
    if care_team_ids(viewer, PERMISSION) is None:
        seen = seen | pl.col("team_id").is_null()
    frame = frame.filter(seen)
    return frame if team_id is None else frame.filter(pl.col("team_id") == team_id)


def _url(name: str, *parts: str, **asked: Any) -> str:
    given = {key: value for key, value in asked.items() if value not in ("", None)}
    url = reverse(name, args=parts)
    return f"{url}?{urlencode(given)}" if given else url

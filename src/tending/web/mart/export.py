"""From the database to the mart's files: one pass, as of one instant, in parts of people, only what has changed.

A part is a range of people's numbers. Of each part the manifest keeps a fingerprint of everything its rows were made
from; where it is still the same, the part's files are taken over as they are. What people did about signals is little
and changes without a person's record changing, so it is read whole each time; a file whose content is the same keeps
its name and is not written again.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from django.conf import settings

from outcometables.definitions.loading import load_calendars
from outcometables.mart.business_days import calendar
from outcometables.mart.days_off import days_off
from outcometables.mart.deidentified import deidentify
from outcometables.mart.manifest import Manifest, columns_digest
from outcometables.mart.schema import MART
from outcometables.mart.writing import Writing, writing
from tending.base import clock
from tending.base.audit import actions as audit
from tending.base.audit import mart_queries as audited
from tending.base.audit.models import AuditEvent
from tending.base.people import mart_queries as people
from tending.base.tables import extracts
from tending.base.tables.extracts import Extract
from tending.base.tables.reading import over_arrow
from tending.keep import mart_queries as keep
from tending.keep import mart_risk_queries as risky
from tending.measure import mart_queries as measure
from tending.notice import mart_queries as notice
from tending.review import mart_queries as review
from tending.web.mart.parts import Parts, part_width, split
from tending.web.mart.pieces import Pieces

Progress = Callable[[str], None]

FIRST_DAY = date(1970, 1, 1)
YEARS_AHEAD = 10
OUR_CALENDAR = "provider"  # definitions/calendars/provider.yaml
# The record's own tables: read again only for the people of a part in which somebody changed.
RECORD = (*(each.name for each in keep.EXTRACTS), "scores", "risk_answers")
# Above this share of changed parts one pass through everything costs less than asking for each part's people.
MOST_PARTS = 0.25


@dataclass(frozen=True, slots=True)
class Exported:
    """What one export did."""

    folder: Path
    manifest: Manifest
    parts: int  # how many parts of people there are
    parts_written: int  # and how many of them had somebody who changed
    files_written: int

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.manifest.tables.values())


def export(folder: Path, *, progress: Progress = lambda _: None) -> Exported:
    """Bring the mart in ``folder`` up to date. Raises MartError; the mart that was there then stays as it was."""
    with writing(folder) as mart, over_arrow(at_one_instant=True):
        rows = _rows_in_record()
        progress(f"{rows['people']:,} people, {rows['contacts']:,} contacts, {rows['scores']:,} scores")
        described = people.people(_whole(people.PEOPLE))
        width = part_width(described.select(pl.col("person_id").max()).item() or 0)
        parts = Parts.of(described["person_id"], width)
        _about_nobody(mart, rows)
        for table, frame in _about_people(described, rows):
            for part in split(frame, width):
                mart.add(table, part.rows, people=part.people)
        written = _record(mart, parts, progress)
        manifest = mart.finish(
            as_of=clock.day_number(clock.today()),
            rows_in_record=rows,
            zone=settings.TIME_ZONE,
            exported_at=clock.now(),
            people_a_part=width,
        )
    audit.record(kind=AuditEvent.Kind.EXPORT, what="exported the mart", subject=str(folder), count=rows["people"])
    return Exported(folder, manifest, len(parts.ranges), written, mart.written)


def leave_without_identifiers(mart: Path, folder: Path) -> Manifest:
    """Write the de-identified variant of the mart to another folder. Raises MartError."""
    manifest = deidentify(mart, folder, exported_at=clock.now())
    count = manifest.tables["people"].rows
    audit.record(
        kind=AuditEvent.Kind.EXPORT, what="exported the mart de-identified", subject=str(folder), count=count
    )
    return manifest


def _rows_in_record() -> dict[str, int]:
    """Counted by the database, in the same instant as everything else is read."""
    counted = {table: 0 for table in MART}
    for stage in (people, keep, measure, notice, review):
        counted.update(stage.rows_in_record())
    return counted


def _whole(extract: Extract) -> pl.DataFrame:
    return pl.concat([extract.empty(), *extract.whole()])


def _about_nobody(mart: Writing, rows: dict[str, int]) -> None:
    """Teams and partners; and what no record holds: the measures in force and the calendar."""
    mart.add("teams", _whole(people.TEAMS).sort("team_id"))
    mart.add("organisations", _whole(people.ORGANISATIONS).sort("organisation_id"))
    for table, frame in (("measures", measure.measures()), ("calendar", _calendar())):
        rows[table] = frame.height
        mart.add(table, frame)


def _calendar() -> pl.DataFrame:
    """Every day there may be, with the provider's own business days."""
    last = date(clock.today().year + YEARS_AHEAD, 12, 31)
    ours = load_calendars(Path(settings.DEFINITIONS)).get(OUR_CALENDAR)
    return calendar(FIRST_DAY, last, days_off(ours, FIRST_DAY, last) if ours else [])


def _about_people(described: pl.DataFrame, rows: dict[str, int]) -> Iterator[tuple[str, pl.DataFrame]]:
    """The tables that are read whole each time. What the database cannot count is counted here: `looks`, by day."""
    zone = settings.TIME_ZONE
    yield "people", described
    yield "caseload", people.caseload(_whole(people.CASELOAD))
    raw = {each.name: _whole(each) for each in review.EXTRACTS}
    yield "signals", notice.signals(_whole(notice.SIGNALS), raw["review_signals"], zone=zone)
    yield from review.tables(raw, zone=zone).items()
    counted = [audited.by_day(piece, zone=zone) for piece in audited.LOOKS.whole()]
    looks = audited.looks(pl.concat([audited.by_day(audited.LOOKS.empty(), zone=zone), *counted]))
    rows["looks"] = looks.height
    yield "looks", looks


def _record(mart: Writing, parts: Parts, progress: Progress) -> int:
    """The record's tables; answers how many parts were made anew."""
    zone = settings.TIME_ZONE
    seen = parts.seen(_heads(), common=_common())
    there = _there_now(mart)
    changed = [people for people in parts.ranges if there.get(people) != seen[people]]
    for people_of_part in parts.ranges:
        if people_of_part not in changed:
            _take_over(mart, people_of_part)
    wanted = (*keep.EXTRACTS, *measure.extracts())
    whole = len(changed) > MOST_PARTS * len(parts.ranges)
    with Pieces(mart.folder, wanted, parts.width, changed, whole=whole) as pieces:
        for place, people_of_part in enumerate(changed, start=1):
            raw = pieces.of(people_of_part)
            tables = {**keep.tables(raw, zone=zone), **measure.tables(raw, zone=zone)}
            for table, frame in tables.items():
                if frame.height:
                    mart.add(table, frame, people=people_of_part)
            progress(f"{place} of {len(changed)} parts")
    # Kept with the people, of whom every part has a file.
    mart.note_seen("people", {people.start: digest for people, digest in seen.items()})
    return len(changed)


def _heads() -> pl.DataFrame:
    """By person, what their rows were made from: the record's token, and what the last scoring saw."""
    scored = _whole(measure.SCORED).rename({"head": "scored", "definitions": "by"})
    return _whole(keep.HEADS).join(scored, on="person_id", how="left").sort("person_id")


def _common() -> str:
    """What every part is made from besides its people: another program may make other rows of them, too."""
    teams = _whole(people.TEAMS).sort("team_id").write_csv()
    program = "".join(Path(str(module.__file__)).read_text() for module in (keep, risky, measure, extracts))
    together = "\n".join([columns_digest(), settings.TIME_ZONE, measure.definitions(), teams, program])
    return hashlib.sha256(together.encode()).hexdigest()


def _there_now(mart: Writing) -> dict[range, str]:
    """The fingerprints of the parts of the mart that is there, where its files can be taken over."""
    before = mart.before
    if before is None or before.columns != columns_digest() or before.deidentified or not _all_there(mart):
        return {}
    return {
        range(file.first_person, file.next_person): file.seen
        for file in before.tables["people"].files
        if file.first_person is not None and file.next_person is not None
    }


def _all_there(mart: Writing) -> bool:
    assert mart.before is not None
    paths = {file.path: file.size for table in mart.before.tables.values() for file in table.files}
    try:
        return all((mart.folder / path).stat().st_size == size for path, size in paths.items())
    except FileNotFoundError:
        return False


def _take_over(mart: Writing, people_of_part: range) -> None:
    assert mart.before is not None
    for table in RECORD:
        for file in mart.before.tables[table].files:
            if file.first_person == people_of_part.start:
                mart.take_over(table, file)

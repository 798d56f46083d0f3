"""What does one FHIR file say, piece by piece?

``read`` goes through a file once and may start after any line: it looks at nothing but the file and the survey of
the delivery. Whatever cannot be read is one fault with the line, the resource, the element and the next step.
"""

from collections import ChainMap, Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from outcometables.definitions import load_instruments
from tending.base import clock
from tending.base.packed import DAMAGED
from tending.collect.fhir import faults
from tending.collect.fhir.explained import explained
from tending.collect.fhir.files import bundles, lines
from tending.collect.fhir.files.lines import Line
from tending.collect.fhir.mapping import (
    answers,
    episodes,
    observations,
    people,
    plans,
    procedures,
    staff,
    visits,
    withdrawals,
)
from tending.collect.fhir.mapping.catalogue import Catalogue
from tending.collect.fhir.mapping.draft import LONGEST_KEY, Draft
from tending.collect.fhir.references import Target
from tending.collect.fhir.resources import AnyResource
from tending.collect.fhir.survey import Survey, look
from tending.collect.mapped import Chunk

CHUNK = 800  # rows in one short transaction: other writers wait for no longer than that takes
_MAPPING: dict[str, Callable[[Any, str, Draft], None]] = {
    "Organization": staff.organization,
    "Practitioner": staff.practitioner,
    "PractitionerRole": staff.practitioner_role,
    "Patient": people.patient,
    "CareTeam": staff.care_team,
    "EpisodeOfCare": episodes.episode_of_care,
    "ServiceRequest": episodes.service_request,
    "Encounter": visits.encounter,
    "Appointment": visits.appointment,
    "Observation": observations.observation,
    "QuestionnaireResponse": answers.questionnaire_response,
    "Procedure": procedures.procedure,
    "Condition": plans.condition,
    "Goal": plans.goal,
    "CarePlan": plans.care_plan,
    "Consent": plans.consent,
    "Coverage": people.coverage,
}
# In this order nothing has to wait: what others refer to comes first.
READ_ORDER = tuple(_MAPPING)
_decoder = msgspec.json.Decoder(AnyResource)


@dataclass(frozen=True, slots=True)
class Reading:
    """A file opened for reading: its chunks, and what was noticed while they were read."""

    chunks: Iterator[Chunk]
    notes: Counter[str]


@lru_cache(maxsize=4)
def catalogue(folder: Path) -> Catalogue:
    return Catalogue(load_instruments(folder))


def read(source: Path | BinaryIO, *, survey: Survey | None = None, from_line: int = 0, size: int = CHUNK) -> Reading:
    """The file's rows after ``from_line`` lines, and what was noticed; ``notes`` fills while the chunks are read."""
    draft = Draft(survey or Survey(), catalogue(settings.DEFINITIONS), clock.zone())
    return Reading(_chunks(source, draft, from_line, size), draft.notes)


def read_chunks(
    source: Path | BinaryIO, *, survey: Survey | None = None, from_line: int = 0, size: int = CHUNK
) -> Iterator[Chunk]:
    return read(source, survey=survey, from_line=from_line, size=size).chunks


def read_lines(source: Path | BinaryIO, *, wanted: set[int], survey: Survey | None = None) -> Chunk:
    """The rows of these lines only: for reading again what had to wait."""
    draft = Draft(survey or Survey(), catalogue(settings.DEFINITIONS), clock.zone())
    number = 0
    for number, one in _numbered(source, 0):
        if number in wanted:
            _line(one, draft)
    return Chunk(*draft.take(), lines_read=number)


def survey_of(sources: list[Path]) -> Survey:
    """What these files hold together: made once for a delivery, before its files are read."""
    return look(found for source in sources for found in _resources(source))


def _resources(source: Path) -> Iterator[tuple[bytes, str | None, Mapping[str, Target]]]:
    for _number, one in _numbered(source, 0):
        if isinstance(one, _Entry):
            if one.held.text:
                yield one.held.text, one.held.id, one.aliases
        elif one.fault is None:
            yield from bundles.each(one.text)


class _Entry(msgspec.Struct, frozen=True):
    """One entry of a file that is a single Bundle."""

    number: int
    held: bundles.Held
    aliases: Mapping[str, Target]


def _numbered(source: Path | BinaryIO, after: int) -> Iterator[tuple[int, Line | _Entry]]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield from _numbered(file, after)
        return
    try:
        whole = lines.document(lines.opened(source))
    except (lines.TooFar, *DAMAGED):
        whole = None  # read as lines, which says what is wrong
    if whole is None:
        source.seek(0)
        yield from ((one.number, one) for one in lines.lines(lines.opened(source), after=after))
    else:
        yield from _entries(whole, after)


def _entries(whole: bytes | faults.Unreadable, after: int) -> Iterator[tuple[int, Line | _Entry]]:
    if isinstance(whole, faults.Unreadable):
        yield 1, Line(1, b"", whole)
        return
    fault = lines.encoding_fault(whole)
    if fault is not None or not bundles.is_bundle(whole):
        if after < 1:
            yield 1, Line(1, whole.strip(), fault, last=True)
        return
    try:
        held, aliases = bundles.held(bundles.decode(whole))
    except (msgspec.MsgspecError, RecursionError):
        if after < 1:
            yield 1, Line(1, whole.strip(), None, last=True)
        return
    for number, entry in enumerate(held, start=1):
        if number > after:
            yield number, _Entry(number, entry, aliases)


def _chunks(source: Path | BinaryIO, draft: Draft, after: int, size: int) -> Iterator[Chunk]:
    number = begun = after
    for number, one in _numbered(source, after):
        _line(one, draft)
        if len(draft.rows) + len(draft.faults) >= size or number - begun >= size:
            begun = number
            yield Chunk(*draft.take(), lines_read=number)
    if draft.rows or draft.faults or draft.stand_ins or number > begun or number == 0:
        yield Chunk(*draft.take(), lines_read=number)


def _line(one: Line | _Entry, draft: Draft) -> None:
    draft.line, draft.type, draft.id, draft.shared_line = one.number, "", "", False
    if isinstance(one, _Entry):
        _entry(one.held, one.number, one.aliases, draft)
    elif one.fault is not None:
        draft.fault(one.fault)
    elif bundles.is_bundle(one.text):
        _bundle(one, draft)
    else:
        _resource(one.text, None, one.number, {}, draft, cut_off=one.last)


def _bundle(one: Line, draft: Draft) -> None:
    try:
        entries, aliases = bundles.held(bundles.decode(one.text))
    except (msgspec.MsgspecError, RecursionError) as error:
        draft.type = "Bundle"
        draft.fault(explained(error, cut_off=one.last))
        return
    draft.shared_line = True
    for entry in entries:
        _entry(entry, one.number, aliases, draft)


def _entry(held: bundles.Held, number: int, aliases: Mapping[str, Target], draft: Draft) -> None:
    draft.line, draft.type, draft.id = number, "Bundle.entry", held.id or ""
    if held.deleted is not None:
        withdrawals.deleted(held.deleted, draft)
    elif held.text:
        _resource(held.text, held.id, number, aliases, draft)
    else:
        draft.not_read("Bundle.entry (without a resource)")


def _resource(
    text: bytes, given: str | None, number: int, aliases: Mapping[str, Target], draft: Draft, *, cut_off: bool = False
) -> None:
    try:
        resource = _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        _not_ours(text, error, draft, cut_off=cut_off)
        return
    kind = type(resource).__name__
    key = resource.id or given
    kept = len(draft.rows)
    named = ChainMap(aliases, draft.survey.aliases) if aliases else draft.survey.aliases  # type: ignore[arg-type]
    try:
        draft.begin(resource, key or "", number, named)
        if not key or len(key) > LONGEST_KEY:
            raise _no_id(key)
        _MAPPING[kind](resource, key, draft)
    except faults.Unreadable as error:
        del draft.rows[kept:]
        draft.fault(error)


def _not_ours(text: bytes, error: Exception, draft: Draft, *, cut_off: bool) -> None:
    """A type we do not read, another JSON object, or a resource whose element has the wrong type."""
    about = bundles.head(text)
    if about is None:
        draft.fault(explained(_trouble(text) or error, cut_off=cut_off))
        return
    draft.type, draft.id = about.resource_type or "", about.id or ""
    if about.resource_type in _MAPPING:
        draft.fault(explained(error, cut_off=cut_off))
    elif about.resource_type == "Bundle":
        draft.not_read("Bundle (within a bundle)")
    else:
        draft.not_read(f"{about.resource_type}"[:60])


def _trouble(text: bytes) -> Exception | None:
    """Why this is not JSON, or None when it is: a line that was cut off may seem to have a wrong type."""
    try:
        msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return error
    return None


def _no_id(key: str | None) -> faults.Unreadable:
    if key:
        return faults.Unreadable(
            "id",
            faults.NO_ID,
            _("its id has more than %(most)s letters.") % {"most": LONGEST_KEY},
            _("FHIR ids have at most 64 letters; export it again with such an id."),
        )
    return faults.Unreadable(
        "id",
        faults.NO_ID,
        _("it has no id, so a later version of it could not be recognised."),
        _("Export it with an id (or, in a bundle, with a fullUrl) and load it again."),
    )

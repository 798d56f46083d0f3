"""Signals are made here, and only here: what the triggers in force say about the record as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from django.db import transaction

from outcometables.definitions.definition import plain
from tending.base import clock
from tending.base.tables import writing
from tending.base.tables.ahead import ahead
from tending.base.tables.reading import read
from tending.base.tables.selection import PEOPLE_A_READ, PEOPLE_A_WRITE, only, reading
from tending.base.tables.selection import parts as in_parts
from tending.keep import queries as keep
from tending.notice.comparing import new_signals, stored_signals
from tending.notice.definitions import Triggers, fingerprint_in_force, in_force
from tending.notice.evidence import evidence_for, signals_in
from tending.notice.models import Signal, SignalEvidence, TriggerVersion, TurnedPerson
from tending.notice.teams import teams_of


@dataclass(frozen=True, slots=True)
class Noticed:
    people: int = 0
    signals: int = 0
    repeats: int = 0

    def __add__(self, other: "Noticed") -> "Noticed":
        return Noticed(self.people + other.people, self.signals + other.signals, self.repeats + other.repeats)


def notice(*, heads: Mapping[int, str], as_of: date) -> Noticed:
    """Ask every trigger about these people at the end of the day ``as_of``; noticing twice is noticing once.

    ``heads`` are the tokens the scores were made from. They are written down with the answer, so that somebody whose
    record has moved on since is turned again.
    """
    with reading(heads):
        return notice_each(parts=in_parts(heads, PEOPLE_A_READ), as_of=as_of)


def notice_each(*, parts: Iterable[dict[int, str]], as_of: date) -> Noticed:
    """``notice``, of some people at a time, as they come: the next part is fetched while this one is asked about."""
    triggers, definitions = in_force(), fingerprint_in_force()
    versions = register(triggers=triggers)
    day = clock.day_number(as_of)
    noticed = Noticed()
    for part, evidence in ahead(lambda part: evidence_for(part, triggers, as_of=day), parts):
        wanted = signals_in(evidence).join(versions, on="trigger")
        for some in in_parts(part, PEOPLE_A_WRITE):
            noticed += _write(some, only(wanted, some), evidence, as_of=as_of, definitions=definitions)
    return noticed


def notice_past(*, evidence: pl.DataFrame, as_of: date) -> Noticed:
    """Signals from evidence that was found for the end of a past day, by the same rules; nobody counts as turned.

    For the demonstration, which asks about many mornings at once: the same day noticed again adds nothing.
    """
    wanted = signals_in(evidence).join(register(triggers=in_force()), on="trigger")
    return _write({}, wanted, evidence, as_of=as_of, definitions="")


def register(*, triggers: Triggers) -> pl.DataFrame:
    """Each trigger in force as a row that its signals can point to, with what a signal takes from it."""
    known = {(row.code, row.fingerprint): row.pk for row in TriggerVersion.objects.defer("body")}
    rows = []
    for code, fingerprint in triggers.fingerprints.items():
        trigger = triggers.by_code[code]
        if (code, fingerprint) not in known:
            row, _ = TriggerVersion.objects.get_or_create(
                code=code,
                fingerprint=fingerprint,
                defaults={"version": trigger.version, "body": plain(trigger), "since": clock.now()},
            )
            known[code, fingerprint] = row.pk
        clocks = (trigger.respond_within_hours, trigger.quiet_days, trigger.quiet_unless_worse_by)
        rows.append((code, known[code, fingerprint], trigger.severity.value, trigger.owner_role.value, *clocks))
    return pl.DataFrame(rows, schema=_VERSIONS, orient="row")


_VERSIONS = {
    "trigger": pl.String,
    "trigger_version_id": pl.Int64,
    "severity": pl.String,
    "owner_role": pl.String,
    "respond_within_hours": pl.Int64,
    "quiet_days": pl.Int64,
    "quiet_unless_worse_by": pl.Float64,
}


@transaction.atomic
def _write(
    heads: dict[int, str], wanted: pl.DataFrame, evidence: pl.DataFrame, *, as_of: date, definitions: str
) -> Noticed:
    """One short transaction. Two workers take turns on the same person; the second finds the signals there."""
    noticed = Noticed(len(heads))
    if wanted.height:
        people = wanted["person_id"].unique()
        keep.heads(people.to_list(), hold=True)
        new = new_signals(wanted, stored_signals(people), as_of=as_of)
        if new.height:
            rows = _signal_rows(new, as_of=as_of, now=clock.now().replace(microsecond=0))
            written = writing.insert(Signal, rows)
            writing.insert(SignalEvidence, _evidence_rows(rows, evidence))
            noticed += Noticed(0, written, rows["repeat_of_id"].count())
    seen = pl.DataFrame(
        [(person, token, as_of, definitions) for person, token in heads.items()], schema=_TURNED, orient="row"
    )
    writing.upsert(TurnedPerson, seen, key=("person_id",))
    return noticed


_TURNED = {"person_id": pl.Int64, "head": pl.String, "as_of": pl.Date, "definitions": pl.String}


def _signal_rows(new: pl.DataFrame, *, as_of: date, now: datetime) -> pl.DataFrame:
    """The response clock runs in hours from the moment of noticing, nights and weekends included."""
    teams = teams_of(new["person_id"].to_list(), on=as_of)
    hours = {each: now + timedelta(hours=each) for each in new["respond_within_hours"].unique().to_list()}
    return new.sort("person_id", "trigger").select(
        "trigger_version_id",
        "trigger",
        "person_id",
        pl.col("person_id").replace_strict(teams, default=None, return_dtype=pl.Int64).alias("team_id"),
        "evidence_key",
        "severity",
        "owner_role",
        pl.lit(now).alias("noticed_at"),
        pl.lit(as_of).alias("as_of"),
        pl.col("respond_within_hours")
        .replace_strict(hours, return_dtype=pl.Datetime("us", "UTC"))
        .alias("respond_by"),
        "repeat_of_id",
    )


def _evidence_rows(signals: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    """The evidence of signals that have just been written, with the numbers the database gave them."""
    key = ["trigger_version_id", "person_id", "evidence_key"]
    columns = {
        "signal_id": pl.Int64,
        "trigger_version_id": pl.Int64,
        "person_id": pl.Int64,
        "evidence_key": pl.String,
    }
    people = signals["person_id"].unique().to_list()
    stored = read(Signal.objects.filter(person_id__in=people).values_list("pk", *key), columns)
    written = signals.select(*key, "trigger").join(stored, on=key)
    return evidence.join(written, on=["trigger", "person_id"]).select(
        "signal_id",
        "role",
        pl.col("anchor").cast(pl.Boolean),
        "frame",
        "source_key",
        "measure",
        pl.col("day").cast(pl.Date).alias("date"),
        "value",
    )

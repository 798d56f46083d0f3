"""A risk item, such as thoughts of self-harm, was endorsed."""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Names
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame, Record
from outcometables.triggers.cohort import died, except_people, in_care
from outcometables.triggers.evidence import anchored, evidence, last_days


def risk_answer(
    record: Record,
    *,
    as_of: int,
    within_days: Days,
    instruments: Names | None = None,
    needs_open_episode: bool = False,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """The person endorsed a risk item in the last `within_days` days, at or above the item's own threshold.

    A later answer below the threshold does not take it back: somebody has to ask. Unless
    `needs_open_episode`, people who wait for their first episode or have just left are included, because
    such an answer must not be lost between two services; a cohort that names programmes or service models
    can only be met by an open episode.

    Evidence: RISK, each such answer with its value (anchor: the last).
    """
    everyone = not (needs_open_episode or cohort.programmes or cohort.service_models)
    answers = record.risk_answers.filter(last_days("day", as_of=as_of, days=within_days))
    if instruments is not None:
        answers = answers.filter(nw.col("instrument").is_in(instruments))
    if everyone:
        answers = except_people(answers, died(record, as_of=as_of))
    else:
        answers = answers.join(in_care(record, as_of=as_of, cohort=cohort), on="person_id", how="inner")
    return anchored(evidence(answers, role="RISK", source="risk_answers", value="value"))

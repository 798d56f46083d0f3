"""How long does it take to try a trigger on two years of a large provider, day by day as it was?"""

from pathlib import Path

from benchmarks.history import AS_OF, DAYS, history
from benchmarks.measured import Measured, peak_gib, timed
from outcometables.definitions.loading import load_triggers
from outcometables.metrics.opportunities import Period
from outcometables.past import try_on
from outcometables.past.settings import quiet_of
from outcometables.triggers import evaluate

DEFINITIONS = Path(__file__).resolve().parent.parent / "definitions"
TRIED = ("repeated-missed-visits", "phq-9-worsening", "no-contact-30d", "measure-overdue", "two-weak-signs")


def measure(*, quick: bool) -> list[Measured]:
    people = 5_000 if quick else 100_000
    mart = history(people)
    triggers = load_triggers(DEFINITIONS)
    found = []
    for code in TRIED:
        trigger = triggers[code]
        with timed() as one_day:
            evaluate(mart.record(), [trigger], as_of=AS_OF)
        with timed() as took:
            tried = try_on(mart, trigger, period=Period(AS_OF - DAYS + 1, AS_OF), quiet=quiet_of(trigger))
        beside = (
            f"{DAYS * one_day.seconds / took.seconds:,.0f} times as fast as asking {DAYS} days one by one; "
            f"{took.cpu_seconds:,.0f} s of processor; {tried.alerts:,} alerts"
        )
        what = f"{code} tried on {DAYS} days of {people:,} people"
        found.append(Measured(what, took.seconds, "s", "< 60 s", beside))
    return [*found, Measured("most memory held, the made-up mart included", peak_gib(), "GiB")]

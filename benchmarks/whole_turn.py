"""How many people a second does a turn of the loop look at, when it looks at everybody?"""

from dataclasses import asdict
from datetime import timedelta

from benchmarks import provider
from benchmarks.measured import Measured, Timer, timed


def measure(*, quick: bool) -> list[Measured]:
    from tending.base import clock
    from tending.base.people.models import Person
    from tending.web.turn import turn

    if not Person.objects.exists():
        with timed() as making:
            provider.make(n_people=5_000 if quick else 100_000)
        print(f"made in {making.seconds:.0f} s", flush=True)
    n = Person.objects.count()
    with timed() as first:
        did = asdict(turn())
    with timed() as again:
        turn()
    with clock.travelling(clock.now() + timedelta(days=1)), timed() as tomorrow:
        turn()
    made = ", ".join(f"{did[name]:,} {name}" for name in ("scores", "signals", "reviews"))
    return [
        _people_a_second(f"turn over {n:,} people ({made})", n, first, aim="≥ 5,000"),
        _people_a_second("the day after: everybody looked at again", n, tomorrow, aim="≥ 5,000"),
        Measured("turn when nothing has changed", again.seconds * 1000, "ms"),
    ]


def _people_a_second(what: str, n: int, took: Timer, aim: str) -> Measured:
    beside = f"{took.seconds:,.0f} s; {n / took.cpu_seconds:,.0f} per CPU second"
    return Measured(what, n / took.seconds, "people/s", aim, beside)

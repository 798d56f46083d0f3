"""A record written as a clinician would tell it: one event a line, by its day relative to the day asked about.

    -90 episode opens              (programme and service model may follow: "opens ADULT FACT")
    -90 PHQ-9 10
    -5  visit NO_SHOW
    -3  crisis CRISIS_LINE
    -40 admitted PSYCHIATRIC_INPATIENT
    -8  discharged
    -9  housing AT_RISK
    -4  risk PHQ-9 9 2             (instrument, item, answer)
    -7  goal 1 5 PERSON            (goal, rating, who rated)
    -1  died

Row numbers follow the order of the lines, so of two lines with one day the lower one was entered later.
"""

from collections import Counter, defaultdict

import polars as pl

from outcometables.record import Record
from outcometables.record.frames import polars_schema

AS_OF = 20_000  # any day far from zero: the rules are about differences

# measure, direction, reliable change, cut-off, due every days. RECOVERY is a made-up measure where higher is better.
MEASURES = [
    ("PHQ-9", 1, 6.0, 10.0, 14),
    ("GAD-7", 1, 4.0, 8.0, 14),
    ("RECOVERY", -1, 5.0, None, 90),
    ("SLEEP", 1, 3.0, None, None),
    ("MEAN", -1, 1.2, None, 90),
    ("NEW", 1, None, None, 30),
]


class Story:
    """Collects the rows of one or more people's stories into a record."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple]] = defaultdict(list)
        self.rows["measures"] = list(MEASURES)

    def tell(self, text: str, *, person: int = 1) -> "Story":
        died = None
        for line in filter(None, (line.strip() for line in text.splitlines())):
            day, kind, *words = line.split()
            if kind == "died":
                died = AS_OF + int(day)
            else:
                self._event(person, AS_OF + int(day), kind, words)
        self.rows["people"].append((person, None, died))
        return self

    def _event(self, person: int, day: int, kind: str, words: list[str]) -> None:
        row = self._next_row
        if kind == "episode":
            self._episode(person, day, words)
        elif kind == "visit":
            self.rows["contacts"].append((row("contacts"), person, None, None, day, "THERAPY", words[0]))
        elif kind == "crisis":
            self.rows["crisis"].append((row("crisis"), person, day, words[0]))
        elif kind == "housing":
            self.rows["housing"].append((row("housing"), person, day, words[0]))
        elif kind == "admitted":
            self.rows["stays"].append((row("stays"), person, words[0], day, None))
        elif kind == "discharged":
            self._close("stays", person, day)
        elif kind == "risk":
            answer = (row("risk_answers"), person, words[0], words[1], day, int(words[2]))
            self.rows["risk_answers"].append(answer)
        elif kind == "goal":
            by = words[2] if len(words) > 2 else "PERSON"
            rating = (row("goal_ratings"), person, int(words[0]), day, int(words[1]), by)
            self.rows["goal_ratings"].append(rating)
        elif kind.isupper():
            self.rows["scores"].append((row("scores"), person, kind, day, 0, float(words[0])))
        else:
            raise ValueError(f"a story has no {kind}")

    def _episode(self, person: int, day: int, words: list[str]) -> None:
        if words[0] == "ends":
            self._close("episodes", person, day)
            return
        programme, model = words[1:] or ("ADULT", "OUTPATIENT")
        self.rows["episodes"].append((self._next_row("episodes"), person, None, programme, model, day, None))

    def _close(self, table: str, person: int, day: int) -> None:
        """The person's last row that is still open ends on this day."""
        at = max(i for i, row in enumerate(self.rows[table]) if row[1] == person and row[-1] is None)
        self.rows[table][at] = (*self.rows[table][at][:-1], day)

    def _next_row(self, table: str) -> int:
        return len(self.rows[table]) + 1

    def tables(self) -> dict[str, pl.DataFrame]:
        self.rows["scores"] = _with_ordinals(self.rows["scores"])
        return {
            table: pl.DataFrame(rows, schema=polars_schema(table), orient="row") for table, rows in self.rows.items()
        }

    def record(self) -> Record:
        return Record.from_polars(self.tables())


def _with_ordinals(scores: list[tuple]) -> list[tuple]:
    """The exporter's part: 0, 1, 2 … by day, then row, within the person and measure."""
    count: Counter = Counter()
    numbered = []
    for row_id, person, measure, day, _, value in sorted(scores, key=lambda row: (row[3], row[0])):
        numbered.append((row_id, person, measure, day, count[person, measure], value))
        count[person, measure] += 1
    return numbered

"""docs/reference/metrics.md, written from the definitions and the counts: python -m tests.support.metric_reference"""

import inspect
import textwrap
from pathlib import Path

import yaml

from outcometables.definitions.loading import load_metrics
from outcometables.definitions.metrics import Metric
from outcometables.metrics import COUNTS, STRATA

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "metrics.md"
UNITS = {
    "NONE": "met or not",
    "DAYS": "days",
    "BUSINESS_DAYS": "business days",
    "MINUTES": "minutes",
    "HUNDREDTHS": "hundredths of a point",
    "COUNT": "a number",
}
OPENING = """# Metrics

Written from `definitions/metrics/*.yaml` and the counts they name by `python -m tests.support.metric_reference`; a
test fails when it is not current. How the keys are written: [definitions](definitions.md). What is asked of a mart
and how: `outcometables.metrics`, `tending metrics --help`.

A metric counts **opportunities**: each time something should have happened. One either does not count, for a named
reason, or was met, was not met (for a named reason), or cannot be said yet because its window is open. Shares,
medians and percentiles look only at opportunities whose window has closed: among the open ones the quick successes
show first. A figure is **provisional** until its last window has closed and the metric's lag has passed. What was
measured goes in as whole numbers only, so that every engine and every split of the data gives the same figures.
"""


def page() -> str:
    metrics = sorted(load_metrics(ROOT / "definitions").values(), key=lambda metric: (metric.counts, metric.code))
    parts = [OPENING, f"Strata: {', '.join(f'`{name}`' for name in STRATA)}.\n"]
    for name, count in COUNTS.items():
        parts.append(f"## `{name}`\n\n{_words(inspect.getdoc(count.function) or '')}\n")
        parts += [_metric(metric) for metric in metrics if metric.counts == name]
    return "\n".join(parts)


def _metric(metric: Metric) -> str:
    rules = yaml.safe_dump(metric.parameters, sort_keys=False, default_flow_style=None, width=110).strip()
    rows = {
        "Counted": metric.denominator.en,
        "Met": metric.numerator.en,
        "Value": UNITS[metric.unit],
        "Good news": metric.better.lower(),
        "Lag": f"{metric.lag_days} days",
        "Only for": ", ".join([*metric.cohort.programmes, *metric.cohort.service_models]),
        "Specification": metric.specification,
        "Source": metric.source,
        "Owner": metric.owner,
        "Reviewed by": f"{metric.reviewer}{f', {metric.review_date}' if metric.review_date else ''}",
    }
    table = "\n".join(f"| {key} | {' '.join(value.split())} |" for key, value in rows.items() if value)
    head = f"### {metric.title.en} (`{metric.code}`, version {metric.version})"
    return f"{head}\n\n{metric.meaning.en}\n\n| | |\n|---|---|\n{table}\n\n```yaml\n{rules}\n```\n"


def _words(docstring: str) -> str:
    return "\n\n".join(textwrap.fill(part, 118) for part in docstring.split("\n\n"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

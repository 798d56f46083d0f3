"""How often does what should happen happen, and how long does it take? Opportunities in, mergeable sums out."""

from outcometables.definitions.parameters import ParameterError
from outcometables.metrics.evaluation import Metric, MetricError, check_metric, opportunities
from outcometables.metrics.figures import Figure, figures
from outcometables.metrics.histograms import Histogram
from outcometables.metrics.opportunities import MET, MISSING, NOT_MET, OPEN, OPPORTUNITY, Period
from outcometables.metrics.strata import STRATA
from outcometables.metrics.sums import Sums, sums
from outcometables.metrics.table import COUNTS

__all__ = [
    "COUNTS",
    "MET",
    "MISSING",
    "NOT_MET",
    "OPEN",
    "OPPORTUNITY",
    "STRATA",
    "Figure",
    "Histogram",
    "Metric",
    "MetricError",
    "ParameterError",
    "Period",
    "Sums",
    "check_metric",
    "figures",
    "opportunities",
    "sums",
]

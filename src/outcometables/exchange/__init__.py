"""How do providers compare when no row may leave them? Sums of changes, small cells merged, fitted together."""

from outcometables.exchange.cells import Cells, Kept, Rule, kept
from outcometables.exchange.changes import COVARIATES, changes
from outcometables.exchange.files import FORMAT_VERSION, ExchangeError, Provided, Question, read, written
from outcometables.exchange.pooling import pooled, provided
from outcometables.exchange.summing import cells_of

__all__ = [
    "COVARIATES",
    "FORMAT_VERSION",
    "Cells",
    "ExchangeError",
    "Kept",
    "Provided",
    "Question",
    "Rule",
    "cells_of",
    "changes",
    "kept",
    "pooled",
    "provided",
    "read",
    "written",
]

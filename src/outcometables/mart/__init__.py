"""What does an analyst open? The mart: the record's analytic export, its columns, its calendar, its files."""

from outcometables.mart.business_days import Holiday, calendar
from outcometables.mart.opening import open_mart
from outcometables.mart.schema import MART, MART_VERSION
from outcometables.mart.tables import Mart, MartError, mart_schema
from outcometables.mart.writing import write_mart

__all__ = [
    "MART",
    "MART_VERSION",
    "Holiday",
    "Mart",
    "MartError",
    "calendar",
    "mart_schema",
    "open_mart",
    "write_mart",
]

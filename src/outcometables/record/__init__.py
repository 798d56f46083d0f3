"""What happened to each person, as plain frames? The record's tables, their columns and their frames."""

from outcometables.record.frames import Record, RecordError
from outcometables.record.schema import SCHEMA, Column

__all__ = ["SCHEMA", "Column", "Record", "RecordError"]

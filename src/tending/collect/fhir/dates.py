"""FHIR's dates and instants, as the record keeps them: a local date, or an aware instant.

FHIR allows a year or a month where a day is not known. The record needs a day where something is counted by the day,
so a part of a date is said to be one (`PartialDate`), and never filled in.
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PART = re.compile(r"\d{4}(-\d\d)?")


class NotADate(ValueError):
    pass


class PartialDate(NotADate):
    pass


def instant(text: str, zone: ZoneInfo) -> datetime:
    """The aware instant of a FHIR dateTime or instant; without an offset it is the provider's own local time."""
    if not _DAY.match(text):
        raise PartialDate(text) if _PART.fullmatch(text) else NotADate(text)
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotADate(text) from error
    return read if read.tzinfo else read.replace(tzinfo=zone)


def local_day(text: str, zone: ZoneInfo) -> date:
    """The provider's calendar date of a FHIR date, dateTime or instant; a date without a time is that date."""
    if len(text) == 10:
        if not _DAY.fullmatch(text):
            raise NotADate(text)
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise NotADate(text) from error
    try:
        return instant(text, zone).astimezone(zone).date()
    except OverflowError as error:
        raise NotADate(text) from error

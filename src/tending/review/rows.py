"""How does a thing go from one state to the next? By a new row; the old one keeps when it was left."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tending.base.access.models import Account
from tending.base.access.policies import StateRefuses
from tending.review.models import StateRow

Row = TypeVar("Row", bound=StateRow)


class SomebodyWasFirst(StateRefuses):
    """The thing changed after the page was opened; nothing was written."""


def row_to_leave(rows: "QuerySet[Row]", *, leaves: int, by: Account, **made: Any) -> Row | None:
    """The current row, when it is the one the person saw.

    None when they already did this very thing (a double click). Raises SomebodyWasFirst when somebody else, or
    they themselves in another window, did something different meanwhile.
    """
    current = rows.get(left_at__isnull=True)
    if current.pk == leaves:
        return current
    if rows.filter(pk__gt=leaves, by=by, **made).exists():
        return None
    raise SomebodyWasFirst(
        _("This changed after you opened the page, and nothing was saved. Read what is new, then decide again.")
    )


def next_row(current: Row, *, by: Account | None, why: str, at: datetime, **changes: Any) -> Row:
    """Leave ``current`` and enter a copy of it with the changes; refuses when it has been left already."""
    rows = type(current)._default_manager
    if not rows.filter(pk=current.pk, left_at__isnull=True).update(left_at=at):
        raise SomebodyWasFirst(_("This has just changed. Read what is new, then decide again."))
    own = {"id", "entered_at", "left_at", "by_id", "why"}
    kept = {f.attname: getattr(current, f.attname) for f in current._meta.concrete_fields if f.attname not in own}
    for name, value in changes.items():
        kept.pop(f"{name}_id", None)
        kept[name] = value
    return rows.create(**kept, by=by, why=why, entered_at=at)

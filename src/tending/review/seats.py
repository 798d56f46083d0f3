"""The words for a seat at the table."""

from django.utils.translation import gettext as _

from tending.base.people.models import Role
from tending.review.templates import PERSON_SEAT


def seat_words(role: str) -> str:
    return _("The person") if role == PERSON_SEAT else str(Role(role).label)

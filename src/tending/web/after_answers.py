"""What happens to answers before the person sees the next page: kept, scored, noticed, on somebody's list."""

import logging

from tending.web import intake
from tending.web.turn import turn

log = logging.getLogger(__name__)


def after_answers(delivery_id: int, person_id: int) -> None:
    """In the person's own request, for that person only.

    The answers have been handed in and are safe. Should anything after that go wrong, the person still sees the next
    page, with the crisis text where it belongs, and the worker does the rest within a minute.
    """
    try:
        intake.work_off(delivery_id)
        turn(people=[person_id])
    except Exception as trouble:
        # The kind of trouble only: its words could hold somebody's data.
        log.error("Delivery %d waits for the worker: %s.", delivery_id, type(trouble).__name__)

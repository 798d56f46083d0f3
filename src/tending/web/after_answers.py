"""What happens to answers before the person sees the next page: kept, scored, noticed, on somebody's list."""

from tending.web import intake
from tending.web.turn import turn


def after_answers(delivery_id: int, person_id: int) -> None:
    """In the person's own request, for that person only."""
    intake.work_off(delivery_id)
    turn(people=[person_id])

"""What the delivery pages show."""

from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404

from tending.base.access.permissions import check_may
from tending.base.access.viewer import Viewer
from tending.collect import queries as collected
from tending.collect.quarantine import queries as quarantine
from tending.collect.queries import DeliveryShown, Item

WAITING, READING, STOPPED, DONE = "WAITING", "READING", "STOPPED", "DONE"


@dataclass(frozen=True, slots=True)
class Given:
    """One delivery, its state and what became of its rows."""

    delivery: DeliveryShown
    state: str
    new: int
    same: int
    corrected: int
    quarantined: int
    waiting: int  # of the quarantined rows, those nobody has mended or set aside yet

    @property
    def current(self) -> Item | None:
        """The file that is being read."""
        return next((item for item in self.delivery.items if not item.finished), None)

    @property
    def n_finished(self) -> int:
        return sum(item.finished for item in self.delivery.items)

    @property
    def percent(self) -> int:
        """How much has been read, by the sizes of the files that are finished."""
        size = sum(item.size for item in self.delivery.items) or 1
        return 100 * sum(item.size for item in self.delivery.items if item.finished) // size


def latest(*, viewer: Viewer) -> tuple[Given, ...]:
    """The latest deliveries: three queries. Raises PermissionDenied."""
    found = collected.deliveries(viewer=viewer)
    submissions = {item.submission_id for one in found for item in one.items}
    waiting = quarantine.waiting_in(viewer=viewer, submission_ids=submissions)
    return tuple(_given(one, waiting) for one in found)


def one(*, viewer: Viewer, delivery_id: int) -> Given:
    """Raises Http404 when there is none."""
    check_may(viewer, "give_files")
    try:
        found = collected.delivery(delivery_id)
    except ObjectDoesNotExist as missing:
        raise Http404("No such delivery.") from missing
    submissions = {item.submission_id for item in found.items}
    return _given(found, quarantine.waiting_in(viewer=viewer, submission_ids=submissions))


def latest_of(given: Given) -> int:
    """The last delivery in which the first of these files came: the one that is read again."""
    items = given.delivery.items
    return collected.latest_item(items[0].submission_id).delivery_id if items else given.delivery.delivery_id


def _given(found: DeliveryShown, waiting: dict[int, int]) -> Given:
    return Given(
        delivery=found,
        state=_state(found),
        new=sum(item.new for item in found.items),
        same=sum(item.same for item in found.items),
        corrected=sum(item.corrected for item in found.items),
        quarantined=sum(item.quarantined for item in found.items),
        waiting=sum(waiting.get(submission, 0) for submission in {item.submission_id for item in found.items}),
    )


def _state(found: DeliveryShown) -> str:
    if found.finished_at:
        return DONE
    if found.failed_why:
        return STOPPED
    return READING if any(item.lines_read or item.finished for item in found.items) else WAITING

"""What Monday says to those who hold no reviews: what waits in their own part of the house, or that nothing does."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tending.base.access.permissions import may
from tending.base.access.viewer import Viewer
from tending.base.links import url_or_none
from tending.base.people.models import Role
from tending.collect import queries as collected
from tending.keep import person_history
from tending.review import queries


@dataclass(frozen=True, slots=True)
class Note:
    kind: str  # of the notice component: error, warning, info
    title: str
    lines: tuple[str, ...]
    text: str
    action: dict[str, str] | None


def notes(*, viewer: Viewer) -> tuple[Note, ...]:
    """Each role's own: at most four queries."""
    found = []
    if viewer.holds(Role.ADMINISTRATOR):
        found += [note for note in (_unowned(), _no_sign_in()) if note]
    if may(viewer, "mend_data"):
        found += [note for note in (_findings(viewer),) if note]
    return tuple(found)


def elsewhere(*, viewer: Viewer) -> dict[str, str] | None:
    """Where somebody goes for whom nothing waits here."""
    for permission, name, words in (
        ("see_caseload", "caseload", _("See the people you support")),
        ("see_evidence", "evidence", _("Look at the evidence")),
        ("see_data_quality", "data_quality", _("Look at the data quality")),
        ("see_audit", "administration", _("Go to administration")),
    ):
        url = url_or_none(name)
        if may(viewer, permission) and url:
            return {"text": words, "url": url}
    return None


def _action(name: str, text: str) -> dict[str, str] | None:
    url = url_or_none(name)
    return {"text": text, "url": url} if url else None


def _unowned() -> Note | None:
    count = len(queries.signals_nobody_owns())
    if not count:
        return None
    title = ngettext(
        "%(count)d warning sign has nobody to answer it", "%(count)d warning signs have nobody to answer them", count
    ) % {"count": count}
    text = _(
        "Nobody holds a role that may own a review. Give somebody the role of supervisor, clinical lead or "
        "practitioner; the reviews then open by themselves within a minute."
    )
    return Note("error", title, (), text, _action("administration", _("Give somebody a role")))


def _no_sign_in() -> Note | None:
    names = sorted(queries.owners_who_cannot_sign_in().values())
    if not names:
        return None
    title = ngettext(
        "%(count)d person owns open reviews and cannot sign in",
        "%(count)d people own open reviews and cannot sign in",
        len(names),
    ) % {"count": len(names)}
    shown = tuple(names[:10])
    text = _("Give each of them an account, or let their supervisor hand the reviews over.")
    return Note("warning", title, shown, text, _action("administration", _("See who has an account")))


def _findings(viewer: Viewer) -> Note | None:
    rows_set_aside = sum(collected.quarantined_by_reason(viewer=viewer).values())
    count = person_history.findings_open(roles=viewer.roles) + rows_set_aside
    if not count:
        return None
    title = ngettext(
        "%(count)d thing in the record waits for you to mend it",
        "%(count)d things in the record wait for you to mend them",
        count,
    ) % {"count": count}
    text = _("Until they are mended, figures that rest on them say so.")
    return Note("info", title, (), text, _action("data_quality", _("Mend them")))

"""Why the clock did it: kept as a code, said in the reader's language. What people wrote is left as they wrote it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

OPENED, PRESSED, LEFT, FIRST_ACTION = "@opened", "@pressed", "@left", "@first-action"


def opened_by(trigger: str) -> str:
    return f"{OPENED}:{trigger}"


def pressed_by(trigger: str) -> str:
    return f"{PRESSED}:{trigger}"


def in_words(why: str, titles: Mapping[str, str]) -> str:
    """``titles``: the words of each trigger by its code."""
    code, _colon, trigger = why.partition(":")
    title = titles.get(trigger, trigger)
    if code == OPENED:
        return title
    if code == PRESSED:
        return _("A more pressing signal joined: %(title)s. Begin again.") % {"title": title}
    if code == LEFT:
        return _("The person before no longer works here.")
    return _("The first action was assigned.") if code == FIRST_ACTION else why

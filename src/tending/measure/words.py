"""What a change means, in words a person and a practitioner can read together."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from outcomestats.change.classes import ChangeClass
from tending.measure.definitions import Instruments, Measure
from tending.measure.standing import NOT_JUDGED, ONE_SCORE_ONLY


def number(value: float) -> str:
    """12 for 12.0 and 4.25 for 4.25: a score is never finer than two places to a reader."""
    return f"{round(value, 2):g}"


def in_a_sentence(words: str) -> str:
    """A label inside a sentence: small at the beginning, unless it begins with an abbreviation such as PTSD."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def title(measure: Measure) -> str:
    """What the measure is called, in the reader's language."""
    instrument = measure.instrument.title.in_language(get_language() or "en")
    several = len(measure.instrument.scales) > 1
    return f"{instrument}: {measure.scale.title.in_language(get_language() or 'en')}" if several else instrument


def band(name: str, label: str, instruments: Instruments) -> str:
    """A stored (English) band label in the reader's language; as stored where the definition has since changed."""
    measure = instruments.measures.get(name)
    for each in measure.scale.bands if measure else ():
        if each.label.en == label:
            return each.label.in_language(get_language() or "en")
    return label


def verdict(change_class: str, *, earlier: float, later: float, measure: Measure) -> str:
    """One sentence on one change. Worse and better follow the measure's direction, never the sign of a difference."""
    values = {"earlier": number(earlier), "later": number(later)}
    if change_class == ONE_SCORE_ONLY:
        return _("One score so far: %(later)s. A change needs two.") % values
    if round(later - earlier, 2) == 0:
        return _("The same as before: %(later)s.") % values
    worse = (later - earlier) * measure.scale.direction > 0
    values["size"] = number(abs(later - earlier))
    if change_class == NOT_JUDGED or measure.change is None:
        sentence = _("Worse by %(size)s (%(earlier)s to %(later)s); no figure says how much is more than chance.")
        if not worse:
            sentence = _(
                "Better by %(size)s (%(earlier)s to %(later)s); no figure says how much is more than chance."
            )
        return sentence % values
    values["points"] = number(measure.change.points)
    return _SENTENCES[change_class, worse]() % values


_SENTENCES = {
    (ChangeClass.NO_RELIABLE_CHANGE.value, True): lambda: _(
        "A little worse, by %(size)s (%(earlier)s to %(later)s); under %(points)s it may be chance."
    ),
    (ChangeClass.NO_RELIABLE_CHANGE.value, False): lambda: _(
        "A little better, by %(size)s (%(earlier)s to %(later)s); under %(points)s it may be chance."
    ),
    (ChangeClass.RELIABLE_DETERIORATION.value, True): lambda: _(
        "Worse by %(size)s (%(earlier)s to %(later)s), more than chance explains."
    ),
    (ChangeClass.RELIABLE_IMPROVEMENT.value, False): lambda: _(
        "Better by %(size)s (%(earlier)s to %(later)s), more than chance explains."
    ),
    (ChangeClass.RECOVERY.value, False): lambda: _(
        "Better by %(size)s (%(earlier)s to %(later)s), more than chance explains, and into the general range."
    ),
}

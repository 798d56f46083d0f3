"""Is the state open to it? A table of transitions answers; each stage brings its own table.

Example: a supervisor may close reviews, and this review cannot be closed, because an action is still to do.
"""

from dataclasses import dataclass


class StateRefuses(Exception):
    """The state of the thing does not allow the act; the message says what to do first."""


@dataclass(frozen=True, slots=True)
class Transition:
    """From one state to another by a verb that one of ``roles`` (or, when empty, only the clock) may use."""

    verb: str
    source: str
    target: str
    roles: frozenset[str]
    meaning: str


def check_transition(table: tuple[Transition, ...], *, verb: str, source: str) -> Transition:
    """The transition a verb makes from a state; raises StateRefuses naming the verbs that are open."""
    for transition in table:
        if transition.verb == verb and transition.source == source:
            return transition
    open_verbs = ", ".join(sorted({t.verb for t in table if t.source == source})) or "nothing"
    raise StateRefuses(f"Cannot {verb} while {source}. Open from here: {open_verbs}.")

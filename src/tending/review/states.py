"""Which states are there, which verb leads from one to the next, and who may use it?

Each table is the whole rule: the actions ask it, the pages show only the buttons it opens, and the diagram in
docs/reference/review-states.md is drawn from it. OWNER is whoever owns the thing now, REVIEW_OWNER whoever owns its
review; a verb with no role at all is used only by the clock or by a signal that arrives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tending.base.access.policies import Transition
from tending.base.access.viewer import Viewer
from tending.base.people.models import Role

OWNER = "OWNER"
REVIEW_OWNER = "REVIEW_OWNER"
DECIDER = "DECIDER"

LEADS = frozenset({Role.SUPERVISOR.value, Role.CLINICAL_LEAD.value})
_NOT_BY_CASELOAD = LEADS | {Role.MANAGER.value}
_CARING = LEADS | {Role.PRACTITIONER.value, Role.CARE_COORDINATOR.value, Role.PEER_WORKER.value}
_OWNER_ORLEADS = LEADS | {OWNER}
_ANY_OWNER_ORLEADS = LEADS | {OWNER, REVIEW_OWNER}
_CLOCK: frozenset[str] = frozenset()


def _each(
    verb: str, sources: tuple[str, ...], target: str, roles: frozenset[str], meaning: str
) -> tuple[Transition, ...]:
    """The same verb from several states; ``target`` empty keeps the state."""
    return tuple(Transition(verb, source, target or source, roles, meaning) for source in sources)


_OPEN = ("OPENED", "UNDER_WAY", "ACTING")

REVIEW: tuple[Transition, ...] = (
    Transition("open", "", "OPENED", _CLOCK, "A signal opens the review; it has an owner from the first row."),
    Transition("begin", "OPENED", "UNDER_WAY", _OWNER_ORLEADS, "Somebody has begun to look."),
    *_each("act", ("UNDER_WAY",), "ACTING", _CARING, "The first action has an owner and a deadline."),
    *_each("hand_over", _OPEN, "", _OWNER_ORLEADS, "Another person owns it, with a reason."),
    *_each("take_over", _OPEN, "", _CARING, "A colleague takes it on, with a reason."),
    *_each("press", _OPEN, "OPENED", _CLOCK, "A more pressing signal joined: begin again, by an earlier clock."),
    *_each("replace_owner", _OPEN, "", _CLOCK, "The owner's roles ended; the next person on the ladder owns it."),
    *_each("close", ("UNDER_WAY", "ACTING"), "CLOSED", _OWNER_ORLEADS, "Nothing is left open."),
    *_each("hand_over", ("CLOSED",), "", _OWNER_ORLEADS, "Another person will look back, with a reason."),
    *_each("take_over", ("CLOSED",), "", _CARING, "A colleague will look back, with a reason."),
    *_each("replace_owner", ("CLOSED",), "", _CLOCK, "The owner's roles ended before the look-back."),
    *_each("look_back", ("CLOSED",), "LOOKED_BACK", _OWNER_ORLEADS, "What followed is written down."),
)

ACTION: tuple[Transition, ...] = (
    Transition("assign", "", "OPEN", _CARING, "Agreed, with one owner and one deadline."),
    *_each("finish", ("OPEN",), "DONE", _ANY_OWNER_ORLEADS, "Done, and what came of it."),
    *_each("decline", ("OPEN",), "DECLINED", _ANY_OWNER_ORLEADS, "Not done, with the reason."),
    *_each("move", ("OPEN",), "", _ANY_OWNER_ORLEADS, "Another owner or deadline, with a reason."),
    *_each("replace_owner", ("OPEN",), "", _CLOCK, "The owner's roles ended; the review's owner has it."),
    *_each("reopen", ("DONE", "DECLINED"), "OPEN", _ANY_OWNER_ORLEADS, "Still to do after all."),
)

DECISION: tuple[Transition, ...] = (
    Transition("propose", "", "PROPOSED", _CARING, "Waiting for somebody with the right to decide."),
    *_each("take", ("PROPOSED",), "TAKEN", frozenset({DECIDER}), "Decided by somebody with the right."),
    *_each("refuse", ("PROPOSED",), "REFUSED", frozenset({DECIDER}), "Not agreed, with the reason."),
    *_each("replace_owner", ("PROPOSED",), "", _CLOCK, "Waits with the next person who has the right."),
)

PARTICIPANT: tuple[Transition, ...] = (
    Transition("invite", "", "INVITED", _CARING, "Asked to take part."),
    *_each("name", ("INVITED",), "", _CARING, "Another person takes the seat."),
    *_each("confirm", ("INVITED", "EXCUSED"), "TOOK_PART", _CARING, "Took part."),
    *_each("excuse", ("INVITED",), "EXCUSED", _ANY_OWNER_ORLEADS, "The review goes on without them, with a reason."),
    *_each("correct", ("TOOK_PART",), "INVITED", _CARING, "Had not taken part after all."),
)


# What the audit trail says somebody did; steps of the review itself are said where they are taken.
DID: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("participant", "name"): "named somebody else to take part in a review",
        ("participant", "confirm"): "noted that somebody took part in a review",
        ("participant", "excuse"): "went on with a review without somebody asked",
        ("participant", "correct"): "noted that somebody had not taken part in a review",
        ("action", "finish"): "finished an action",
        ("action", "decline"): "declined an action",
        ("action", "move"): "gave an action another owner or day",
        ("action", "reopen"): "reopened an action",
        ("decision", "take"): "took a decision",
        ("decision", "refuse"): "refused a decision",
    }
)


@dataclass(frozen=True, slots=True)
class StateTable:
    """One thing with states: its table and the words of the states."""

    name: str
    title: str
    transitions: tuple[Transition, ...]


TABLES = (
    StateTable("review", "Review", REVIEW),
    StateTable("action", "Action", ACTION),
    StateTable("decision", "Decision", DECISION),
    StateTable("participant", "Participant", PARTICIPANT),
)


def roles_towards(
    viewer: Viewer,
    *,
    team_id: int | None,
    owner_id: int | None = None,
    review_owner_id: int | None = None,
    may_decide: tuple[str, ...] = (),
) -> frozenset[str]:
    """What the viewer is to one thing: the roles held in its team, and OWNER, REVIEW_OWNER or DECIDER.

    A practitioner, coordinator or peer worker keeps that role towards a person of another team whom they support:
    whom they may see at all was asked before. A lead leads only in their own teams; where there is no team, anywhere.
    """
    held = {role for role in viewer.roles if role not in _NOT_BY_CASELOAD}
    held |= {role for role in viewer.roles if team_id is None or viewer.holds_in(team_id, role)}
    if viewer.staff_id is not None and viewer.staff_id == owner_id:
        held.add(OWNER)
    if viewer.staff_id is not None and viewer.staff_id == review_owner_id:
        held.add(REVIEW_OWNER)
    if held & set(may_decide):
        held.add(DECIDER)
    return frozenset(held)


def open_verbs(table: tuple[Transition, ...], *, source: str, roles: frozenset[str]) -> frozenset[str]:
    """The verbs somebody with these roles may use now."""
    return frozenset(t.verb for t in table if t.source == source and t.roles & roles)


def diagram(table: StateTable) -> str:
    """The table as a Mermaid state diagram, one arrow for all verbs between the same two states."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for t in table.transitions:
        arrows.setdefault((t.source or "[*]", t.target), []).append(t.verb)
    lines = [f"    {source} --> {target}: {', '.join(verbs)}" for (source, target), verbs in arrows.items()]
    left = {t.source for t in table.transitions if t.source != t.target}
    ends = sorted({t.target for t in table.transitions} - left)
    return "\n".join(["stateDiagram-v2", *lines, *(f"    {end} --> [*]" for end in ends)])


def reference() -> str:
    """docs/reference/review-states.md, whole: a test keeps the file the same as the tables."""
    parts = [
        "# States of a review",
        "Made from the tables in `src/tending/review/states.py`; "
        "`TENDING_WRITE_REFERENCE=1 pytest src/tending/review/test_states.py` writes it again.",
        "Every state is a row with who, when and why. Owner and deadline are part of the row. "
        "*the clock* means that no person does it: a signal arrived, a deadline passed or somebody's role ended.",
    ]
    for table in TABLES:
        rows = [
            f"| {t.verb} | {t.source or 'nothing'} | {t.target} | {_who(t)} | {t.meaning} |"
            for t in table.transitions
        ]
        head = ["| verb | from | to | who may | meaning |", "|---|---|---|---|---|"]
        parts += [f"## {table.title}", f"```mermaid\n{diagram(table)}\n```", "\n".join(head + rows)]
    return "\n\n".join(parts) + "\n"


def _who(transition: Transition) -> str:
    return ", ".join(sorted(role.lower().replace("_", " ") for role in transition.roles)) or "the clock"

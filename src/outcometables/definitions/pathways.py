"""What should come after what, and within how many days? An expected path, as its owner writes it."""

from __future__ import annotations

from outcometables.definitions.definition import Definition, Part, Text


class PathwayStep(Part, frozen=True, kw_only=True):
    """The next thing that should happen: one of `events`, within so many days of the step before."""

    code: str
    label: Text
    events: tuple[str, ...]
    within_days: int
    same_day_counts: bool = True

    def __post_init__(self) -> None:
        if not self.events:
            raise ValueError("`events` is empty; name one or more, such as FIRST_CONTACT")
        if self.within_days < 1:
            raise ValueError("`within_days` must be at least 1; a step needs time to be taken")


class Pathway(Definition, frozen=True, kw_only=True):
    """An expected path: what begins it, and its steps in order."""

    title: Text
    meaning: Text
    begins: str
    steps: tuple[PathwayStep, ...]
    owner: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.steps:
            raise ValueError("`steps` is empty; write what should come next")
        codes = [step.code for step in self.steps]
        if len(set(codes)) < len(codes):
            raise ValueError("two `steps` have one code; give each its own")
        for name in ("begins", "owner"):
            if not str(getattr(self, name)).strip():
                raise ValueError(f"`{name}` is empty; every path begins somewhere and has an owner")

"""The file in which a provider's sums leave: what it holds, how it is written and checked."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

FORMAT = "tending sums"
FORMAT_VERSION = 1


class ExchangeError(ValueError):
    """Sums cannot leave or cannot be merged: says which provider or file, why, and what to do."""


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was summed. Only files that answer the same question are merged."""

    measure: str
    first_day: str  # ISO dates: first scores from this day on …
    last_day: str  # … to this one
    at_least_days: int
    covariates: list[str]

    def differences(self, other: "Question") -> Iterator[str]:
        """In words, what differs."""
        for name in self.__struct_fields__:
            one, two = getattr(self, name), getattr(other, name)
            if one != two:
                yield f"{name.replace('_', ' ')} {_said(one)} and {_said(two)}"


class GroupSums(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clinician in a team, or several merged: rows, and sums of the covariates and then of the change."""

    team: int
    n: int
    totals: list[int]


class Provided(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one provider sends: whole numbers only, in hundredths of a point, years, and counts."""

    provider: str
    question: Question
    minimum: int
    groups: list[GroupSums]
    cross: list[list[int]]
    merged_groups: int
    left_out: dict[str, str] = {}

    @property
    def n_rows(self) -> int:
        return sum(group.n for group in self.groups)


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: str
    version: int
    sums: Provided
    check: str


class _Head(msgspec.Struct, frozen=True):
    format: str = ""
    version: int = 0


def written(path: Path, sums: Provided) -> None:
    """Write the file, with a check that tells whether it was changed. Raises `ExchangeError` for a bad code."""
    if not sums.provider or not sums.provider.replace("-", "").isalnum() or len(sums.provider) > 20:
        raise ExchangeError(f"The provider's code is {sums.provider!r}: give up to 20 letters, digits or hyphens.")
    file = _File(format=FORMAT, version=FORMAT_VERSION, sums=sums, check=_check(sums))
    path.write_bytes(msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n")


def read(path: Path) -> Provided:
    """A provider's file, checked. Raises `ExchangeError` that names the file and what is wrong with it."""
    try:
        content = path.read_bytes()
        head = msgspec.json.decode(content, type=_Head)
    except (OSError, msgspec.MsgspecError) as error:
        raise ExchangeError(f"{path} is not a file of sums ({error}): ask for it again.") from error
    if head.format != FORMAT:
        raise ExchangeError(f"{path} is not a file of sums: it does not say that it is one.")
    if head.version != FORMAT_VERSION:
        raise ExchangeError(
            f"{path} has version {head.version} of the format, and this Tending reads version {FORMAT_VERSION}: "
            "export and merge with the same version of Tending."
        )
    try:
        file = msgspec.json.decode(content, type=_File)
    except msgspec.MsgspecError as error:
        raise ExchangeError(f"{path} was changed: {error}. Ask {path.stem} for it again.") from error
    if file.check != _check(file.sums):
        raise ExchangeError(f"{path} was changed after it was exported: ask for it again.")
    _refuse_impossible(path, file.sums)
    return file.sums


def _check(sums: Provided) -> str:
    return hashlib.sha256(msgspec.json.encode(sums)).hexdigest()


def _refuse_impossible(path: Path, sums: Provided) -> None:
    """Sums no rows can have: whoever made the check anew as well is told what does not fit."""
    wide = len(sums.question.covariates) + 1
    shapes = len(sums.cross) == wide and all(len(row) == wide for row in sums.cross)
    if not shapes or any(len(group.totals) != wide for group in sums.groups) or not sums.groups:
        raise ExchangeError(f"{path} has not one sum for each covariate and the change: ask for it again.")
    if any(group.n < sums.minimum for group in sums.groups):
        raise ExchangeError(f"{path} has a group of fewer people than its own minimum, {sums.minimum}.")
    cross = np.array(sums.cross, dtype=np.float64)
    whole = np.sum([group.totals for group in sums.groups], axis=0, dtype=np.float64)
    within = cross - np.outer(whole, whole) / sums.n_rows
    least = -1e-9 * (np.abs(np.diagonal(cross)).max() + 1)
    if (cross != cross.T).any() or np.linalg.eigvalsh(within)[0] < least * wide:
        raise ExchangeError(f"{path} holds sums that no rows can have: ask for it again.")


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

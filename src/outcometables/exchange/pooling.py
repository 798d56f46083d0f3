"""From cells to what a provider sends, and from what several sent to one table of sums to fit."""

import hashlib
from collections.abc import Sequence

import numpy as np

from outcomestats.variation.sums import Sums
from outcometables.exchange.cells import Cells, Kept, Rule
from outcometables.exchange.files import ExchangeError, GroupSums, Provided, Question


def provided(found: Kept, *, provider: str, question: Question, rule: Rule) -> Provided:
    """What leaves: the sums of each group under a number, and the products over all rows.

    The order of groups is that of a hash of their sums: it says nothing of who they are.
    Raises `ExchangeError` where nothing may leave.
    """
    if found.empty:
        raise ExchangeError(
            f"Too few people for anything to leave: after merging, a group of fewer than {rule.minimum} is left. "
            "Choose a longer period or fewer covariates."
        )
    totals, cross = columns_of(found.cells)
    pairs = np.stack([found.cells.team, found.cells.group], axis=1)
    keys, code = np.unique(pairs, axis=0, return_inverse=True)
    n = _by(code.reshape(-1), found.cells.n[:, None], len(keys))[:, 0]
    sums = _by(code.reshape(-1), totals, len(keys))
    order = sorted(range(len(keys)), key=lambda at: hashlib.sha256(f"{n[at]} {sums[at].tolist()}".encode()).digest())
    team_number: dict[int, int] = {}
    groups = []
    for at in order:
        team = team_number.setdefault(int(keys[at][0]), len(team_number) + 1)
        groups.append(GroupSums(team=team, n=int(n[at]), totals=[int(each) for each in sums[at]]))
    left_out = {reason: _told(count, rule) for reason, count in found.cells.left_out.items() if count}
    return Provided(
        provider=provider,
        question=question,
        minimum=rule.minimum,
        groups=groups,
        cross=[[int(each) for each in row] for row in cross],
        merged_groups=found.groups_before - found.groups,
        left_out=left_out,
    )


def _told(count: int, rule: Rule) -> str:
    return f"fewer than {rule.minimum}" if count < rule.minimum else str(count)


def columns_of(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    """(K, p + 1) sums of the covariates and then of the outcome, and (p + 1, p + 1) sums of their products.

    The order of the columns is numbers, then yes-or-no marks, then the outcome. Whole numbers throughout.
    """
    numbers, outcome = cells.sums[:, :-1], cells.sums[:, -1:]
    marked = cells.n[:, None] * cells.marks
    totals = np.concatenate([numbers, marked, outcome], axis=1)
    inner = cells.products.sum(axis=0)
    a = numbers.shape[1]
    across = np.einsum("kb,ka->ba", cells.marks, cells.sums)
    both = np.einsum("kb,kc,k->bc", cells.marks, cells.marks, cells.n)
    top = np.concatenate([inner[:a, :a], across[:, :a].T, inner[:a, a:]], axis=1)
    middle = np.concatenate([across[:, :a], both, across[:, a:]], axis=1)
    bottom = np.concatenate([inner[a:, :a], across[:, a:].T, inner[a:, a:]], axis=1)
    return totals, np.concatenate([top, middle, bottom])


def _by(code: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    found = np.zeros((size, values.shape[1]), dtype=np.int64)
    np.add.at(found, code, values)
    return found


def pooled(parts: Sequence[Provided]) -> Sums:
    """The sums of all providers as if their rows had been pooled: clinicians (groups) within teams.

    Labels are PROVIDER/team and PROVIDER/team/number. Raises `ExchangeError` for no part, a provider that is there
    twice, and parts that answer different questions.

    >>> pooled([])
    Traceback (most recent call last):
    outcometables.exchange.files.ExchangeError: There is no file to merge: name one or more.
    """
    if not parts:
        raise ExchangeError("There is no file to merge: name one or more.")
    first = parts[0]
    for at, part in enumerate(parts):
        if part.provider in {each.provider for each in parts[:at]}:
            raise ExchangeError(f"Provider {part.provider} is there twice: leave one of its files out.")
        for difference in first.question.differences(part.question):
            raise ExchangeError(
                f"{first.provider} and {part.provider} answer different questions, {difference}: export the same."
            )
    together = _sums(parts[0])
    for part in parts[1:]:
        together = together.merge(_sums(part))
    return together


def _sums(part: Provided) -> Sums:
    """Exactly: the shift is taken off in whole numbers before anything becomes a fraction."""
    n = [group.n for group in part.groups]
    totals = [group.totals for group in part.groups]
    rows, wide = sum(n), len(part.cross)
    whole = [sum(group[at] for group in totals) for at in range(wide)]
    shift = [each // rows for each in whole]
    shifted = [
        [each - size * taken for each, taken in zip(group, shift, strict=True)]
        for group, size in zip(totals, n, strict=True)
    ]
    cross = [
        [
            part.cross[i][j] - shift[i] * whole[j] - shift[j] * whole[i] + rows * shift[i] * shift[j]
            for j in range(wide)
        ]
        for i in range(wide)
    ]
    teams = [f"{part.provider}/{group.team}" for group in part.groups]
    return Sums(
        groups=np.array([f"{team}/{at + 1}" for at, team in enumerate(teams)]),
        teams=np.array(teams),
        n=np.array(n, dtype=np.int64),
        totals=np.array(shifted, dtype=np.float64),
        cross=np.array(cross, dtype=np.float64),
        shift=np.array(shift, dtype=np.float64),
        covariates=tuple(part.question.covariates),
    )

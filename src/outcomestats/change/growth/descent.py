"""Where the growth criterion is lowest: inside, or on an edge that is proven to be the place.

Guarded Newton in the Cholesky factor finds the neighbourhood. There the factor is left: at 0 its slope is always 0
and says nothing. Newton on Ψ itself, or on the singular Ψ = vv', ends the search, and the slope in Ψ decides whether
an edge is the minimum: it must not point inwards.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from outcomestats.change.growth.criterion import Ready, Value, evaluate

Floats = NDArray[np.float64]
STEP = 1e-4  # relative, for second derivatives out of exact first ones
FLAT = 1e-7  # of the slope's own size: a slope that points inwards by less than this is rounding
ENOUGH = 2_000  # people to find the neighbourhood with; everybody has the last word
LEAST = 1e-12  # of the spread of all scores: an error below this is none
NEARLY = 0.02  # of what it would be without correlation; also the least variance, in units of error
EQUAL = 1e-9  # criteria closer than this are the same; then the simpler Ψ is taken


def lowest(of: Ready) -> tuple[Floats, Value]:
    """Ψ (2, 2) with the lowest criterion, exactly singular where it lies on the edge, and the criterion there.

    >>> from outcomestats.change.growth.criterion import ready
    >>> from outcomestats.change.growth.sums import GrowthSums
    >>> psi, value = lowest(ready(GrowthSums.from_rows([1, 1, 1, 2, 2, 2], [0, 1, 2] * 2, [5, 3, 4, 4, 4, 4])))
    >>> psi.tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    near = _neighbourhood(of.every(max(of.s11.size // ENOUGH, 1)))
    tried = [_inside(of, near)]
    if _close_to_an_edge(near) or _close_to_an_edge(tried[0]):
        tried += [*_edges(of, near), np.zeros((2, 2))]
    found = [(psi, evaluate(of, psi)) for psi in tried]
    best = min(value.criterion for _, value in found)
    # From the simplest to the richest: of equals the simpler one is true to the data and says so.
    equals = [each for each in reversed(found) if each[1].criterion <= best + EQUAL]
    proven = [each for each in equals if not _points_inwards(*each)]
    return (proven or equals)[0]


def _close_to_an_edge(psi: Floats) -> bool:
    """Whether it has lost a direction, or nearly: only then can an edge be lower than the inside."""
    return bool(np.linalg.det(psi) <= NEARLY * psi[0, 0] * psi[1, 1] or psi.diagonal().min() <= NEARLY)


def _neighbourhood(of: Ready) -> Floats:
    """Ψ near the minimum, by guarded Newton in a Cholesky factor that is 1 where people's own lines would put it."""
    unit = np.linalg.cholesky(_from_own_lines(of))

    def factor(parts: Floats) -> Floats:
        return np.asarray(unit @ np.array([[parts[0], 0.0], [parts[1], parts[2]]]))

    def slope(parts: Floats) -> tuple[float, Floats]:
        at = factor(parts)
        value = evaluate(of, at @ at.T)
        g = 2 * unit.T @ value.gradient @ at
        return value.criterion, np.array([g[0, 0], g[1, 0], g[1, 1]])

    starts = (np.array([1.0, 0.0, 1.0]), np.array([0.5, 0.0, 0.1]))
    ends = [_newton(slope, start, lambda _: True, gain_enough=1e-7) for start in starts]
    at = factor(min(ends, key=lambda end: slope(end)[0]))
    return np.asarray(at @ at.T)


def _from_own_lines(of: Ready) -> Floats:
    """What Ψ would be if people's own least-squares lines told no error: right in size, positive definite."""
    has = of.area > 0
    if has.sum() < 3:
        return np.eye(2)
    error = max(float(of.left.sum()) / max(float((of.s11 - 1 - has).sum()), 1.0), LEAST)
    between = np.cov(of.level[has], of.slope[has]) / error
    return np.asarray(between + np.diag(0.01 * between.diagonal() + 0.01))


def _inside(of: Ready, start: Floats) -> Floats:
    """Newton on Ψ itself, kept positive definite, in units in which it starts at 1."""
    unit = np.linalg.cholesky(start + np.diag(1e-8 * (1 + start.diagonal())))

    def matrix(parts: Floats) -> Floats:
        return np.asarray(unit @ np.array([[parts[0], parts[1]], [parts[1], parts[2]]]) @ unit.T)

    def slope(parts: Floats) -> tuple[float, Floats]:
        value = evaluate(of, matrix(parts))
        g = unit.T @ value.gradient @ unit
        return value.criterion, np.array([g[0, 0], 2 * g[0, 1], g[1, 1]])

    def allowed(parts: Floats) -> bool:
        return bool(parts[0] > 0 and parts[0] * parts[2] > parts[1] ** 2)

    return matrix(_newton(slope, np.array([1.0, 0.0, 1.0]), allowed))


def _edges(of: Ready, near: Floats) -> list[Floats]:
    """The lowest Ψ = vv' from near, and the lowest with equal slopes."""

    def of_vector(v: Floats) -> tuple[float, Floats]:
        value = evaluate(of, np.outer(v, v))
        return value.criterion, 2 * value.gradient @ v

    def of_level(v: Floats) -> tuple[float, Floats]:
        value = evaluate(of, np.diag([float(v[0]) ** 2, 0.0]))
        return value.criterion, 2 * value.gradient[:1, 0] * v

    values, vectors = np.linalg.eigh(near)
    start = vectors[:, -1] * np.sqrt(max(float(values[-1]), 1e-6))
    v = _newton(of_vector, start, lambda _: True)
    level = _newton(of_level, np.array([np.sqrt(max(float(near[0, 0]), 1e-6))]), lambda _: True)
    return [np.outer(v, v), np.diag([float(level[0]) ** 2, 0.0])]


def _newton(
    slope: Callable[[Floats], tuple[float, Floats]],
    start: Floats,
    allowed: Callable[[Floats], bool],
    gain_enough: float = 1e-17,
) -> Floats:
    """Down to where a step gains nothing. Second derivatives by differences of the exact slope.

    Where they point uphill their sign is turned, and where they are flat they are raised: every step goes down.
    """
    at = start
    value, gradient = slope(at)
    curved, before = _turned_up(_second_derivatives(slope, at)), np.inf
    for _ in range(60):
        step = np.linalg.solve(curved, gradient)
        gain = float(gradient @ step)
        if gain < gain_enough:
            break
        if gain > before / 100:  # the second derivatives have aged
            curved, before = _turned_up(_second_derivatives(slope, at)), np.inf
            continue
        before, size = gain, 1.0
        for _ in range(40):
            there = at - size * step
            if allowed(there):
                new_value, new_gradient = slope(there)
                # Rounding of a criterion of this size may hide the last steps' gain.
                if np.isfinite(new_value) and new_value <= value + 1e-12 * abs(value):
                    break
            size /= 2
        else:
            break
        at, value, gradient = there, new_value, new_gradient
    return at


def _turned_up(hessian: Floats) -> Floats:
    values, vectors = np.linalg.eigh(hessian)
    size = np.abs(values)
    return np.asarray((vectors * np.maximum(size, 1e-6 * size.max() + 1e-300)) @ vectors.T)


def _second_derivatives(slope: Callable[[Floats], tuple[float, Floats]], at: Floats) -> Floats:
    columns = []
    for place in range(at.size):
        step = np.zeros(at.size)
        step[place] = STEP * max(abs(float(at[place])), 1e-3 * float(np.abs(at).max()), 1e-8)
        columns.append((slope(at + step)[1] - slope(at - step)[1]) / (2 * step[place]))
    table = np.stack(columns)
    return np.asarray((table + table.T) / 2)


def _points_inwards(psi: Floats, value: Value) -> bool:
    """Whether the criterion falls from an edge into the inside: then the edge is no minimum."""
    values, vectors = np.linalg.eigh(psi)
    empty = vectors[:, values <= 1e-10 * max(float(values[-1]), 1e-300)]
    if not psi.any():
        empty = np.eye(2)
    if not empty.size:
        return False
    inward = np.linalg.eigvalsh(empty.T @ value.gradient @ empty)[0]
    return bool(inward < -FLAT * (1 + np.abs(value.gradient).max()))

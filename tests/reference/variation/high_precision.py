"""Makes high_precision.csv: the model's variances to 40 digits, from the dense textbook likelihood.

    python tests/reference/variation/high_precision.py      (needs mpmath; the tests do not)

Nothing is shared with the product: each top-level block's covariance matrix is built from its rows and factorised,
    -2 log L_R = log|V| + log|X'V^-1 X| + (N - p)(1 + log(2 pi r'V^-1 r/(N - p)))
and the root of its slope, by differences at 60 digits, is found from lme4's stored estimate.
"""

import csv
from pathlib import Path

from mpmath import mp, mpf

HERE = Path(__file__).parent
mp.dps = 60
STEP = mpf(10) ** -18
CASES = ("dyestuff", "sleepstudy", "pastes", "oats", "simulated")


def read(case):
    with (HERE / f"rows_{case}.csv").open() as file:
        rows = list(csv.DictReader(file))
    covariates = [name for name in rows[0] if name not in ("y", "group", "team")]
    blocks = {}
    for row in rows:
        # The decimal text would do as well; the product reads binary numbers, and so do we.
        x = [mpf(1), *(mpf(float(row[name])) for name in covariates)]
        blocks.setdefault(row.get("team", row["group"]), []).append((x, mpf(float(row["y"])), row["group"]))
    return list(blocks.values()), "team" in rows[0]


def criterion(blocks, ratios, reml):
    p = len(blocks[0][0][0])
    n, logdet = 0, mpf(0)
    normal, right, square = mp.zeros(p), mp.zeros(p, 1), mpf(0)
    for rows in blocks:
        size = len(rows)
        within, across = ratios[0], ratios[1] if len(ratios) > 1 else mpf(0)
        V = mp.matrix(size)
        for i in range(size):
            for j in range(size):
                V[i, j] = (i == j) + within * (rows[i][2] == rows[j][2]) + across
        L = mp.cholesky(V)
        X = mp.matrix([[*x, y] for x, y, _ in rows])
        for i in range(size):  # forward substitution: L^-1 [X y]
            for k in range(i):
                for c in range(p + 1):
                    X[i, c] -= L[i, k] * X[k, c]
            for c in range(p + 1):
                X[i, c] /= L[i, i]
        table = X.T * X
        n += size
        logdet += 2 * sum(mp.log(L[i, i]) for i in range(size))
        normal += table[:p, :p]
        right += table[:p, p]
        square += table[p, p]
    beta = mp.lu_solve(normal, right)
    rss = square - (right.T * beta)[0]
    freedom = n - p if reml else n
    if reml:
        logdet += mp.log(mp.det(normal))
    return logdet + freedom * (1 + mp.log(2 * mp.pi * rss / freedom)), rss / freedom


def slopes(blocks, ratios, reml):
    found = []
    for at, ratio in enumerate(ratios):
        there, back = list(ratios), list(ratios)
        step = STEP * (1 + ratio)
        there[at] += step
        back[at] -= step
        found.append((criterion(blocks, there, reml)[0] - criterion(blocks, back, reml)[0]) / (2 * step))
    return mp.matrix(found)


def solved(blocks, ratios, reml):
    """Newton; the curvature by differences of the slopes is rough, which costs steps and no digits."""
    for _ in range(40):
        here = slopes(blocks, ratios, reml)
        bend = mp.matrix(len(ratios))
        for at in range(len(ratios)):
            aside = list(ratios)
            aside[at] += mpf(10) ** -12
            bend[:, at] = (slopes(blocks, aside, reml) - here) * mpf(10) ** 12
        step = mp.lu_solve(bend, -here)
        ratios = [ratio + by for ratio, by in zip(ratios, step, strict=True)]
        if max(abs(by) for by in step) < mpf(10) ** -22:
            return ratios
    raise ArithmeticError("not solved")


def main():
    with (HERE / "lme4.csv").open() as file:
        stored = {(r["case"], r["method"], r["figure"]): mpf(r["value"]) for r in csv.DictReader(file)}
    with (HERE / "high_precision.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["case", "method", "figure", "value"])
        for case in CASES:
            blocks, nested = read(case)
            for method in ("REML", "ML"):
                levels = ["group", "team"] if nested else ["group"]
                start = [
                    stored[case, method, f"variance_{level}"] / stored[case, method, "sigma2"] for level in levels
                ]
                ratios = solved(blocks, start, method == "REML")
                value, sigma2 = criterion(blocks, ratios, method == "REML")
                figures = {"criterion": value, "sigma2": sigma2}
                figures |= {f"variance_{level}": r * sigma2 for level, r in zip(levels, ratios, strict=True)}
                for name, figure in figures.items():
                    out.writerow([case, method, name, mp.nstr(figure, 30)])
                print(case, method, [mp.nstr(ratio, 20) for ratio in ratios], flush=True)


if __name__ == "__main__":
    main()

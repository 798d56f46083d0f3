"""Makes high_precision_slopes.csv: the random-slope model to 30 digits, from the dense textbook likelihood.

    python tests/reference/variation/high_precision_slopes.py      (needs mpmath; the tests do not)

Nothing is shared with the product: each group's covariance matrix I + Z D Z' is built from its rows and factorised,
and the root of the criterion's slope is found by differences at 60 digits. Where lme4 lies at the boundary, D = v v'
has one rank, and `outwards`, the slope towards a second one, is stored: above 0, the boundary is the optimum.
"""

import csv
from functools import partial
from pathlib import Path

from mpmath import mp, mpf

HERE = Path(__file__).parent
mp.dps = 60
STEP = mpf(10) ** -18
INSIDE, BOUNDARY = ("sleepstudy", "orthodont", "far"), ("parallel", "fan")


def read(case):
    with (HERE / f"rows_slopes_{case}.csv").open() as file:
        rows = list(csv.DictReader(file))
    covariates = [name for name in rows[0] if name not in ("y", "group")]
    blocks = {}
    for row in rows:
        # The decimal text would do as well; the product reads binary numbers, and so do we.
        x = [mpf(1), *(mpf(float(row[name])) for name in covariates)]
        blocks.setdefault(row["group"], []).append([*x, mpf(float(row["y"]))])
    return list(blocks.values())


def criterion(blocks, D, reml):
    p = len(blocks[0][0]) - 1
    n, logdet, table = 0, mpf(0), mp.zeros(p + 1)
    for rows in blocks:
        size = len(rows)
        Z = mp.matrix([[1, row[1]] for row in rows])
        L = mp.cholesky(mp.eye(size) + Z * D * Z.T)
        X = mp.matrix(rows)
        for i in range(size):  # forward substitution: L^-1 [X y]
            for c in range(p + 1):
                X[i, c] = (X[i, c] - sum(L[i, k] * X[k, c] for k in range(i))) / L[i, i]
        table += X.T * X
        n += size
        logdet += 2 * sum(mp.log(L[i, i]) for i in range(size))
    normal, right = table[:p, :p], table[:p, p]
    rss = table[p, p] - (right.T * mp.lu_solve(normal, right))[0]
    freedom = n - p if reml else n
    if reml:
        logdet += mp.log(mp.det(normal))
    return logdet + freedom * (1 + mp.log(2 * mp.pi * rss / freedom)), rss / freedom


def inside(x):
    return mp.matrix([[x[0], x[1]], [x[1], x[2]]])


def on_the_boundary(x):
    return mp.matrix([[x[0] ** 2, x[0] * x[1]], [x[0] * x[1], x[1] ** 2]])


def told_at(blocks, form, reml, x):
    return criterion(blocks, form(x), reml)[0]


def slopes(told, x):
    found = []
    for at, value in enumerate(x):
        step = STEP * (1 + abs(value))
        there, back = list(x), list(x)
        there[at] += step
        back[at] -= step
        found.append((told(there) - told(back)) / (2 * step))
    return mp.matrix(found)


def solved(told, x):
    """Newton; the curvature by differences of the slopes is rough, which costs steps and no digits."""
    for _ in range(60):
        here, bend = slopes(told, x), mp.matrix(len(x))
        for at in range(len(x)):
            aside = list(x)
            aside[at] += mpf(10) ** -12
            bend[:, at] = (slopes(told, aside) - here) * mpf(10) ** 12
        step = mp.lu_solve(bend, -here)
        x = [value + by for value, by in zip(x, step, strict=True)]
        if max(abs(by) for by in step) < mpf(10) ** -22:
            return x
    raise ArithmeticError("not solved")


def main():
    with (HERE / "lme4_slopes.csv").open() as file:
        stored = {(r["case"], r["method"], r["figure"]): mpf(r["value"]) for r in csv.DictReader(file)}
    with (HERE / "high_precision_slopes.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["case", "method", "figure", "value"])
        for case in (*INSIDE, *BOUNDARY):
            blocks = read(case)
            for method in ("REML", "ML"):
                form = inside if case in INSIDE else on_the_boundary
                sigma2 = stored[case, method, "sigma2"]
                level, link, slope = (stored[case, method, part] / sigma2 for part in ("level", "link", "slope"))
                start = [level, link, slope]
                if case in BOUNDARY:
                    start = [mp.sqrt(level), mp.sign(link) * mp.sqrt(slope)]
                told = partial(told_at, blocks, form, method == "REML")
                x = solved(told, start)
                D = form(x)
                value, sigma2 = criterion(blocks, D, method == "REML")
                figures = {"criterion": value, "sigma2": sigma2}
                figures |= {"level": D[0, 0] * sigma2, "link": D[0, 1] * sigma2, "slope": D[1, 1] * sigma2}
                if case in BOUNDARY:
                    across = mp.matrix([-x[1], x[0]])
                    second = criterion(blocks, D + STEP * across * across.T, method == "REML")[0]
                    figures["outwards"] = (second - value) / STEP
                for name, figure in figures.items():
                    out.writerow([case, method, name, mp.nstr(figure, 30)])
                print(case, method, [mp.nstr(each, 20) for each in x], flush=True)


if __name__ == "__main__":
    main()

"""The variance components of growth curves to 40 digits, by dense matrices and no shared line of code.

The slope of the restricted likelihood in (σ², v₁₁, v₁₂, v₂₂) is written from V = σ²I + ZΣZ' of each person itself,
and its root found by mpmath, from lme4's estimates. Writes growth_high_precision.json beside itself.

python make_growth_high_precision.py
"""

import json
from pathlib import Path

from mpmath import mp, mpf

HERE = Path(__file__).parent
WHICH = ("sleepstudy", "few people", "sessions, baseline")
mp.dps = 40


def slope(case: dict, theta: tuple) -> list:
    """Derivatives of -2 log restricted likelihood in the four variance components."""
    sigma2, v11, v12, v22 = theta
    spread = mp.matrix([[v11, v12], [v12, v22]])
    directions = [mp.matrix([[1, 0], [0, 0]]), mp.matrix([[0, 1], [1, 0]]), mp.matrix([[0, 0], [0, 1]])]
    known = case["baseline"]
    middle = sum(map(mpf, known)) / len(known) if known else mpf(0)
    people = {}
    for row, person in enumerate(case["person"]):
        people.setdefault(person, []).append(row)
    parts, A, c = [], None, None
    for rows in people.values():
        Z = mp.matrix([[1, mpf(case["time"][row])] for row in rows])
        X = mp.matrix([[1, mpf(case["time"][row])] + ([mpf(known[row]) - middle] if known else []) for row in rows])
        y = mp.matrix([mpf(case["score"][row]) for row in rows])
        V = Z * spread * Z.T + sigma2 * mp.eye(len(rows))
        inverse = V**-1
        parts.append((X, Z, y, inverse))
        A = X.T * inverse * X if A is None else A + X.T * inverse * X
        c = X.T * inverse * y if c is None else c + X.T * inverse * y
    covariance = A**-1
    beta = covariance * c
    found = [mpf(0)] * 4
    for X, Z, y, inverse in parts:
        r = inverse * (y - X * beta)
        moves = [mp.eye(y.rows), *(Z * direction * Z.T for direction in directions)]
        for at, move in enumerate(moves):
            middle_part = inverse * move * inverse
            trace = sum((inverse * move)[i, i] for i in range(y.rows))
            adjusted = covariance * (X.T * middle_part * X)
            found[at] += trace - sum(adjusted[i, i] for i in range(adjusted.rows)) - (r.T * move * r)[0]
    return found


def main() -> None:
    written = {}
    for case in json.loads((HERE / "growth.json").read_text()):
        if case["name"] not in WHICH:
            continue
        v = case["variance"]
        start = (case["sigma2"], v[0][0], v[0][1], v[1][1])
        root = mp.findroot(lambda *theta, case=case: slope(case, theta), start, tol=mpf(10) ** -60, maxsteps=20)
        written[case["name"]] = [mp.nstr(each, 25) for each in root]
        print(case["name"], written[case["name"]], flush=True)
    (HERE / "growth_high_precision.json").write_text(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()

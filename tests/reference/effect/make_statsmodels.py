"""Made statsmodels.json: statsmodels 0.15.0 on series drawn here. Run in an environment that has it:

python make_statsmodels.py > statsmodels.json
"""

import json

import numpy as np
import statsmodels.api as sm

rng = np.random.default_rng(20240401)


def design(at: np.ndarray, changed_at: int) -> np.ndarray:
    since = at - changed_at
    return np.column_stack((np.ones(at.size), since, since >= 0, np.where(since >= 0, since, 0))).astype(float)


SERIES, COUNTS, DIFFERENCES = [], [], []
for n, changed_at, lags in ((24, 12, 2), (36, 30, 3), (60, 24, 5)):
    at = np.arange(n)
    noise = rng.normal(0, 2, n)
    noise[1:] += 0.5 * noise[:-1]
    y = 50 + 0.1 * at - 4 * (at >= changed_at) + noise
    X = design(at, changed_at)
    fit = sm.OLS(y, X).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True)
    SERIES.append(
        {"values": y.tolist(), "changed_at": changed_at, "lags": lags}
        | {"beta": fit.params.tolist(), "errors": fit.bse.tolist(), "interval": fit.conf_int().tolist()}
    )
    exposure = rng.integers(200, 400, n).astype(float)
    counts = rng.poisson(exposure * np.exp(-3 - 0.3 * (at >= changed_at)) * rng.gamma(8, 1 / 8, n))
    glm = sm.GLM(counts, X, family=sm.families.Poisson(), offset=np.log(exposure)).fit(scale="X2", tol=1e-14)
    COUNTS.append(
        {"counts": counts.tolist(), "exposure": exposure.tolist(), "changed_at": changed_at}
        | {"beta": glm.params.tolist(), "errors": glm.bse.tolist(), "dispersion": glm.scale}
    )
for teams, people in ((6, 10), (30, 4)):
    team = np.repeat(np.arange(teams), 2 * people)
    treated, after = (team % 2).astype(float), np.tile(np.repeat([0.0, 1.0], people), teams)
    y = rng.normal(0, 2, teams)[team] + rng.normal(0, 3, team.size) - 2 * treated * after + after
    X = np.column_stack((np.ones(team.size), treated, after, treated * after))
    fit = sm.OLS(y, X).fit(cov_type="cluster", cov_kwds={"groups": team}, use_t=True)
    DIFFERENCES.append(
        {"outcomes": y.tolist(), "team": team.tolist(), "treated": treated.tolist(), "after": after.tolist()}
        | {"change": fit.params[3], "error": fit.bse[3], "interval": fit.conf_int()[3].tolist()}
    )
print(json.dumps({"made_by": "statsmodels 0.15.0", "series": SERIES, "counts": COUNTS, "differences": DIFFERENCES}))

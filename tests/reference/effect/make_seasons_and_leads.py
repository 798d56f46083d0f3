"""Made seasons_and_leads.json: statsmodels 0.15.0 on series drawn here. Run in an environment that has it:

python make_seasons_and_leads.py > seasons_and_leads.json
"""

import json

import numpy as np
import statsmodels.api as sm

rng = np.random.default_rng(20261121)
SEASONS, COUNTS, LEADS = [], [], []

for n, changed_at, harmonics, lags in ((36, 20, 1, 3), (60, 30, 2, 4), (84, 50, 3, 5)):
    at = np.arange(n)
    since = at - changed_at
    columns = [np.ones(n), since, since >= 0, np.where(since >= 0, since, 0)]
    for k in range(1, harmonics + 1):
        columns += [np.sin(2 * np.pi * k * since / 12), np.cos(2 * np.pi * k * since / 12)]
    X = np.column_stack(columns).astype(float)
    noise = rng.normal(0, 2, n)
    noise[1:] += 0.4 * noise[:-1]
    y = 40 + 5 * np.sin(2 * np.pi * at / 12) + 2 * np.cos(4 * np.pi * at / 12) - 3 * (since >= 0) + noise
    fit = sm.OLS(y, X).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True)
    given = {"values": y.tolist(), "changed_at": changed_at, "harmonics": harmonics, "lags": lags}
    SEASONS.append(given | {"beta": fit.params.tolist(), "errors": fit.bse.tolist()})
    exposure = rng.integers(200, 400, n).astype(float)
    counts = rng.poisson(exposure * np.exp(-3 + 0.4 * np.sin(2 * np.pi * at / 12) - 0.3 * (since >= 0)))
    glm = sm.GLM(counts, X, family=sm.families.Poisson(), offset=np.log(exposure)).fit(scale="X2", tol=1e-14)
    given = {"counts": counts.tolist(), "exposure": exposure.tolist(), "changed_at": changed_at}
    COUNTS.append(
        given | {"harmonics": harmonics, "beta": glm.params.tolist(), "errors": glm.bse.tolist(), "scale": glm.scale}
    )

for teams, periods, changed_at, drift in ((12, 8, 5, 0.0), (30, 6, 4, 1.5), (9, 5, 3, 0.5)):
    team = np.repeat(np.arange(teams), 3 * periods)
    period = np.tile(np.repeat(np.arange(periods), 3), teams)
    treated = (team % 2).astype(float)
    y = rng.normal(0, 2, teams)[team] + rng.normal(0, 3, team.size) + drift * treated * period - period
    kept = rng.random(team.size) > 0.1  # not every team has every row
    team, period, treated, y = team[kept], period[kept], treated[kept], y[kept]
    others = [each for each in range(periods) if each != changed_at - 1]
    there = (period[:, None] == others).astype(float)
    X = np.column_stack((np.ones(y.size), treated, there, there * treated[:, None]))
    fit = sm.OLS(y, X).fit(cov_type="cluster", cov_kwds={"groups": team}, use_t=True)
    first, leads = 2 + len(others), changed_at - 1
    chosen = np.zeros((leads, X.shape[1]))
    chosen[np.arange(leads), first + np.arange(leads)] = 1
    wald = fit.f_test(chosen)
    early = period < changed_at
    own = treated[early]
    early_there = (period[early][:, None] == np.arange(1, changed_at)).astype(float)
    line = np.column_stack((np.ones(own.size), own, early_there, own * (period[early] - changed_at + 1)))
    straight = sm.OLS(y[early], line).fit(cov_type="cluster", cov_kwds={"groups": team[early]}, use_t=True)
    given = {"outcomes": y.tolist(), "team": team.tolist(), "period": period.tolist(), "changed_at": changed_at}
    found = {"distances": fit.params[first:].tolist(), "errors": fit.bse[first:].tolist()}
    found |= {"interval": fit.conf_int()[first].tolist(), "F": float(wald.fvalue), "p": float(wald.pvalue)}
    found |= {"degrees": [float(wald.df_num), float(wald.df_denom)]}
    found |= {"drift": straight.params[-1], "drift_error": straight.bse[-1]}
    found |= {"drift_interval": straight.conf_int()[-1].tolist()}
    LEADS.append(given | found)

print(json.dumps({"made_by": "statsmodels 0.15.0", "seasons": SEASONS, "counts": COUNTS, "leads": LEADS}))

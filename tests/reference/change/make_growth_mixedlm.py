"""A second opinion on the growth curves: mixedlm (PyPI, MIT) on the rows of growth.json. No test needs it.

python make_growth_mixedlm.py        (mixedlm 1.3.0, pandas 3.1)
"""

import json
from pathlib import Path

import mixedlm
import pandas as pd

HERE = Path(__file__).parent


def main() -> None:
    written = {}
    for case in json.loads((HERE / "growth.json").read_text()):
        rows = pd.DataFrame({name: case[name] for name in ("time", "score")})
        rows["person"] = [str(each) for each in case["person"]]
        formula = "score ~ time + (time | person)"
        if case["baseline"] is not None:
            rows["b"] = pd.Series(case["baseline"]) - pd.Series(case["baseline"]).mean()
            formula = "score ~ time + b + (time | person)"
        found = mixedlm.lmer(formula, rows)
        written[case["name"]] = {"criterion": float(found.REMLcrit()), "estimate": [float(x) for x in found.beta]}
    (HERE / "growth_mixedlm.json").write_text(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()

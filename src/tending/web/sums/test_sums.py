"""`tending sums export` and `tending sums merge`: from marts to one fit, and what is refused in one line."""

import json

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from tests.support.engines import filled

from outcomestats.variation.fit import fit
from outcomestats.variation.sums import Sums
from outcometables.mart import write_mart
from tending.web.cli import tending

DAY = 20_000  # 2024-10-04
PERIOD = ["--measure", "PHQ-9", "--from", "2024-10-01", "--until", "2024-12-31"]


def tables(seed, people=400):
    """Each person: one episode, a first score within days of its start and a last one two months later."""
    draw = np.random.default_rng(seed)
    who = np.arange(people)
    start = DAY + draw.integers(0, 60, people)
    first = draw.integers(800, 2500, people)
    last = np.maximum(first - draw.integers(0, 900, people) - 40 * (who % 8), 0)
    scores = pl.concat(
        pl.DataFrame({"person_id": who, "day": day, "hundredths": value, "ordinal": place, "measure": "PHQ-9"})
        for place, (day, value) in enumerate([(start + 1, first), (start + 60, last)])
    )
    return {
        "people": pl.DataFrame({"person_id": who, "birth_ymd": 19_500_101 + 10_000 * draw.integers(0, 50, people),
                                "sex": np.where(draw.random(people) < 0.5, "FEMALE", "MALE")}),
        "episodes": pl.DataFrame({"row_id": who, "person_id": who, "team_id": who % 2 + 1, "start_day": start}),
        "caseload": pl.DataFrame({"row_id": who, "person_id": who, "staff_id": who % 8 + 1,
                                  "caseload_role": "PRIMARY", "from_day": start}),
        "scores": scores.with_row_index("row_id"),
        "calendar": pl.DataFrame({"day": np.arange(DAY, DAY + 70), "ymd": 20_241_004}),
    }  # fmt: skip


@pytest.fixture(scope="module")
def marts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("marts")
    for seed in (1, 2):
        write_mart(folder / f"m{seed}", filled(tables(seed)), as_of=DAY + 200)
    return folder


def run(*words):
    return CliRunner().invoke(tending, ["sums", *map(str, words)])


@pytest.fixture(scope="module")
def files(marts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sums")
    for seed, code in ((1, "north"), (2, "south")):
        done = run(
            "export", "--provider", code, *PERIOD, "--mart", marts / f"m{seed}", "--to", folder / f"{code}.json"
        )
        assert done.exit_code == 0, done.output
    return folder


def changed(files, tmp_path, **changes):
    """A copy of north's file with the check made anew, as somebody with a script would."""
    import msgspec

    from outcometables.exchange.files import Provided, written

    told = json.loads((files / "north.json").read_text())["sums"] | changes
    path = tmp_path / "changed.json"
    written(path, msgspec.convert(told, Provided))
    return path


def test_the_fit_of_files_is_the_fit_of_the_rows(files):
    done = run("merge", files / "north.json", files / "south.json", "--json")
    told = json.loads(done.output)
    parts = []
    for seed, code in ((1, "north"), (2, "south")):
        own = tables(seed)
        scores = own["scores"].pivot("ordinal", index="person_id", values="hundredths").sort("person_id")
        people = own["people"].with_columns(
            age=(20_241_004 - pl.col("birth_ymd")) // 10_000, female=(pl.col("sex") == "FEMALE").cast(pl.Int64)
        )
        parts.append(people.with_columns(scores["0"], scores["1"], code=pl.lit(code), place=pl.col("person_id") % 8))
    table = pl.concat(parts)
    expected = fit(
        Sums.from_rows(
            (table["1"] - table["0"]).to_numpy(),
            group=table.select(pl.format("{}/{}", "code", "place")).to_series().to_numpy(),
            team=table.select(pl.format("{}/{}", "code", pl.col("place") % 2)).to_series().to_numpy(),
            covariates={"first_score": table["0"], "age": table["age"], "female": table["female"]},
        )
    )
    assert told["people"] == expected.n_rows == 800
    got = [row["points"] for row in told["coefficients"].values()]
    np.testing.assert_allclose(got, expected.beta / [100, 1, 100, 100], rtol=1e-9)
    np.testing.assert_allclose(list(told["shares"].values()), expected.shares, rtol=1e-9)
    assert "Change in PHQ-9 points" in run("merge", files / "north.json", files / "south.json").output


def test_where_no_team_has_two_groups_clinicians_alone_are_compared(files, tmp_path):
    told = json.loads((files / "north.json").read_text())["sums"]
    alone = [group | {"team": place} for place, group in enumerate(told["groups"])]
    done = run("merge", changed(files, tmp_path, groups=alone), "--json")
    assert list(json.loads(done.output)["shares"]) == ["group"]


def test_no_number_of_staff_or_team_leaves(files):
    told = json.loads((files / "north.json").read_text())["sums"]
    assert {group["team"] for group in told["groups"]} == {1, 2}
    assert set(told["groups"][0]) == {"team", "n", "totals"}
    assert sum(group["n"] for group in told["groups"]) == 400


def test_the_same_provider_twice_is_refused(files):
    done = run("merge", files / "north.json", files / "north.json")
    assert (done.exit_code, "north is there twice" in done.output) == (1, True)


def test_different_covariates_are_refused(marts, files, tmp_path):
    words = ["--provider", "west", *PERIOD, "--covariates", "first_score", "--mart", marts / "m2"]
    assert run("export", *words, "--to", tmp_path / "west.json").exit_code == 0
    done = run("merge", files / "north.json", tmp_path / "west.json")
    assert "covariates first_score, age, female and first_score" in done.output


def test_another_version_is_refused(files, tmp_path):
    text = (files / "north.json").read_text().replace('"version": 1', '"version": 2')
    (tmp_path / "later.json").write_text(text)
    assert "version 2 of the format" in run("merge", tmp_path / "later.json").output


def test_a_file_changed_by_hand_is_refused(files, tmp_path):
    told = json.loads((files / "north.json").read_text())
    told["sums"]["groups"][0]["totals"][-1] -= 1000
    (tmp_path / "better.json").write_text(json.dumps(told))
    assert "was changed after it was exported" in run("merge", tmp_path / "better.json").output
    (tmp_path / "words.json").write_text('{"format": "tending sums", "version": 1, "sums": 3}')
    assert "was changed" in run("merge", tmp_path / "words.json").output
    (tmp_path / "none.json").write_text("hello")
    assert "is not a file of sums" in run("merge", tmp_path / "none.json").output
    (tmp_path / "other.json").write_text("{}")
    assert "is not a file of sums" in run("merge", tmp_path / "other.json").output
    assert "is not a file of sums" in run("merge", tmp_path / "missing.json").output


def test_sums_that_no_rows_can_have_are_refused(files, tmp_path):
    told = json.loads((files / "north.json").read_text())["sums"]
    cross = [[0] * 4 for _ in range(4)]
    assert "no rows can have" in run("merge", changed(files, tmp_path, cross=cross)).output
    assert "not one sum for each" in run("merge", changed(files, tmp_path, cross=cross[:2])).output
    few = [told["groups"][0] | {"n": 2}, *told["groups"][1:]]
    assert "fewer people than its own minimum" in run("merge", changed(files, tmp_path, groups=few)).output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--provider", "no th"], "up to 20 letters"),
        (["--provider", "a", "--covariates", "height"], "no covariate height"),
        (["--provider", "a", "--minimum", "1"], "give 3 or more"),
        (["--provider", "a", "--until", "2029-01-01"], "complete up to"),
        (["--provider", "a", "--measure", "GAD-7"], "Too few people"),
    ],
)
def test_what_cannot_be_exported_is_said(marts, tmp_path, words, said):
    done = run("export", *PERIOD, *words, "--mart", marts / "m1", "--to", tmp_path / "x.json")
    assert done.exit_code == 1
    assert said in done.output
    assert not (tmp_path / "x.json").exists()

"""The shipped instruments: their facts, their codes and what they score, from the answers to the band."""

from pathlib import Path

import pytest

from outcomestats.change.classes import ChangeClass, classify_change
from outcomestats.scoring.scores import NoScore, Score, ScoreState, score_response
from outcometables.definitions.definition import Part, Text, plain
from outcometables.definitions.fingerprints import fingerprint
from outcometables.definitions.instruments import Instrument
from outcometables.definitions.loading import load_instruments
from outcometables.definitions.rules import change_rule, scale_rule

ROOT = Path(__file__).parents[2]
INSTRUMENTS = load_instruments(ROOT / "definitions")

# measure: items, lowest, highest, direction (+1 higher is worse), cut-off, points needed (two decimals)
FACTS = {
    "PHQ-9": (9, 0, 27, +1, 10, 6),
    "GAD-7": (7, 0, 21, +1, 8, 4),
    "PCL-5": (20, 0, 80, +1, 33, 15),
    "K10": (10, 10, 50, +1, 20, 7),
    "AUDIT-C": (3, 0, 12, +1, 3, 3),
    "WSAS": (5, 0, 40, +1, 10, 8),
    "CORE-10": (10, 0, 40, +1, 11, 6),
    "DIALOG": (8, 1, 7, -1, None, 1.34),
    "DIALOG/TREATMENT": (3, 1, 7, -1, None, None),
    "QPR-15": (15, 0, 60, -1, None, 10.11),
    "GBO": (3, 0, 10, -1, None, 2.45),
}


def test_every_scale_says_what_the_sources_say() -> None:
    found = {}
    for instrument in INSTRUMENTS.values():
        for scale in instrument.scales:
            rule, change = scale_rule(instrument, scale), change_rule(scale)
            found[instrument.measure(scale)] = (
                len(rule.items),
                rule.lowest,
                rule.highest,
                scale.direction,
                scale.cutoff and scale.cutoff.value,
                change and round(change.points, 2),
            )
    assert found == FACTS


def test_self_harm_answers_are_risk_answers_from_the_lowest_step() -> None:
    risks = {
        (instrument.code, item.code): (item.risk.at_least, item.risk.kind.value)
        for instrument in INSTRUMENTS.values()
        for item in instrument.items
        if item.risk
    }
    assert risks == {("PHQ-9", "9"): (1, "SELF_HARM"), ("CORE-10", "6"): (1, "SELF_HARM")}


def test_wording_is_shown_only_where_the_licence_allows_it() -> None:
    allowed = {code for code, instrument in INSTRUMENTS.items() if instrument.licence.may_show_wording}
    assert allowed == {"PHQ-9", "GAD-7", "PCL-5", "K10", "AUDIT-C"}
    assert all(instrument.licence.notice for instrument in INSTRUMENTS.values())


def test_labels_are_short_and_answer_labels_distinct() -> None:
    for instrument in INSTRUMENTS.values():
        assert [item.code for item in instrument.items] == [str(n + 1) for n in range(len(instrument.items))]
        for item in instrument.items:
            assert max(len(item.label.en), len(item.label.es)) <= 40
            for language in ("en", "es"):
                words = [answer.label.in_language(language) for answer in instrument.answers_to(item)]
                assert len(set(words)) == len(words)


def _codes(value: object, under: str = "") -> list[str]:
    if isinstance(value, dict):
        return [code for key, each in value.items() for code in _codes(each, key if key == "loinc" else under)]
    if isinstance(value, list):
        return [code for each in value for code in _codes(each, under)]
    return [value] if under == "loinc" and isinstance(value, str) else []


def _check_digit(digits: str) -> int:
    """LOINC's mod 10 check digit (Luhn): a slip in one digit, or most swaps of two, changes it."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number // 10 + number % 10
    return -total % 10


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=lambda instrument: instrument.code)
def test_loinc_codes_have_their_check_digit(instrument: Instrument) -> None:
    codes = _codes(plain(instrument))
    assert len(codes) == len(set(codes))
    for code in codes:
        digits, _, check = code.removeprefix("LA").partition("-")
        assert _check_digit(digits) == int(check), code


def _score(code: str, answers: list[float | None], scale: str = "TOTAL") -> float:
    instrument = INSTRUMENTS[code]
    score = score_response(answers, scale_rule(instrument, instrument.scale(scale)))
    assert isinstance(score, Score)
    return score.value


@pytest.mark.parametrize(
    ("code", "answers", "expected", "band"),
    [
        ("PHQ-9", [0] * 9, 0, "Minimal"),
        ("PHQ-9", [1, 1, 1, 1, 1, 0, 0, 0, 0], 5, "Mild"),
        ("PHQ-9", [1] * 9, 9, "Mild"),
        ("PHQ-9", [1, 1, 1, 1, 1, 1, 2, None, None], 72 / 7, "Moderate"),
        ("PHQ-9", [2, 1, 1, 1, 1, 1, 1, 1, None], 10.125, "Moderate"),
        ("PHQ-9", [2] * 8 + [3], 19, "Moderately severe"),
        ("PHQ-9", [3] * 9, 27, "Severe"),
        ("GAD-7", [2] * 7, 14, "Moderate"),
        ("CORE-10", [0] * 10, 8, "Low"),
        ("CORE-10", [0, 4, 4, 0, 0, 0, 0, 0, 0, 0], 0, "Healthy"),
        ("CORE-10", [4, 0, 0, 4, 4, 4, 4, 4, 4, 4], 40, "Severe"),
        ("K10", [1] * 10, 10, "Likely to be well"),
        ("AUDIT-C", [4, 3, 0], 7, "Increasing risk"),
        ("WSAS", [None, 4, 4, 4, 4], 20, "Clear difficulty"),
        ("DIALOG", [4, 4, 4, 4, 5, 5, 5, 5, 1, 1, 1], 4.5, "In the middle"),
    ],
)
def test_answers_score_and_fall_into_their_band(
    code: str, answers: list[float | None], expected: float, band: str
) -> None:
    value = _score(code, answers)
    assert value == expected
    found = INSTRUMENTS[code].scale().band_for(value)
    assert found is not None
    assert str(found.label) == band


def test_a_second_scale_reads_its_own_items() -> None:
    assert _score("DIALOG", [1] * 8 + [5, 6, 7], "TREATMENT") == 6
    assert _score("GBO", [6, None, None]) == 6
    assert _score("GBO", [6, 3, None]) == 4.5


def test_every_item_at_either_end_gives_either_end_of_the_range() -> None:
    for instrument in INSTRUMENTS.values():
        for scale in instrument.scales:
            low: list[float | None] = []
            high: list[float | None] = []
            for item in instrument.items:
                ends = [instrument.answers_to(item)[0].value, instrument.answers_to(item)[-1].value]
                low.append(ends[item.reversed])
                high.append(ends[not item.reversed])
            assert (
                _score(instrument.code, low, scale.code),
                _score(instrument.code, high, scale.code),
            ) == scale.range


def test_three_missing_on_the_phq9_is_no_score() -> None:
    instrument = INSTRUMENTS["PHQ-9"]
    score = score_response([1] * 6 + [None] * 3, scale_rule(instrument, instrument.scale()))
    assert isinstance(score, NoScore)
    assert score.reason is ScoreState.INCOMPLETE


def test_direction_decides_what_more_means() -> None:
    worse, better = change_rule(INSTRUMENTS["PHQ-9"].scale()), change_rule(INSTRUMENTS["QPR-15"].scale())
    assert worse is not None
    assert better is not None
    assert classify_change(8, 20, worse).change_class is ChangeClass.RELIABLE_DETERIORATION
    assert classify_change(8, 20, better).change_class is ChangeClass.RELIABLE_IMPROVEMENT


def test_fingerprints_differ_between_instruments() -> None:
    assert len({fingerprint(instrument) for instrument in INSTRUMENTS.values()}) == len(INSTRUMENTS)


def test_unknown_codes_are_named() -> None:
    with pytest.raises(KeyError, match="PHQ-9 has no item '10'"):
        INSTRUMENTS["PHQ-9"].item("10")
    with pytest.raises(KeyError, match="PHQ-9 has no scale 'SLEEP'; it has TOTAL"):
        INSTRUMENTS["PHQ-9"].scale("SLEEP")


def _kinds(part: type[Part]) -> list[type[Part]]:
    return [part, *(each for sub in part.__subclasses__() for each in _kinds(sub))]


def test_the_reference_page_names_every_key() -> None:
    page = (ROOT / "docs" / "reference" / "definitions.md").read_text(encoding="utf-8")
    own = [
        kind for kind in _kinds(Part) if kind.__module__.startswith("outcometables.definitions") and kind is not Text
    ]
    missing = {key for kind in own for key in kind.__struct_encode_fields__ if f"`{key}`" not in page}
    assert missing == set()

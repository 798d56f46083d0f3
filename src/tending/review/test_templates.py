import pytest
import yaml

from outcometables.definitions.definition import DefinitionError
from tending.review.templates import case_review_template, decision_rights


@pytest.fixture
def edited(tmp_path, settings):
    """A copy of the templates with one change, as a provider would make it."""
    source = settings.DEFINITIONS / "templates"
    (tmp_path / "templates").mkdir()

    def edit(name, change):
        body = yaml.safe_load((source / f"{name}.yaml").read_text())
        change(body)
        (tmp_path / "templates" / f"{name}.yaml").write_text(yaml.safe_dump(body, allow_unicode=True))
        settings.DEFINITIONS = tmp_path

    return edit


def test_the_templates_in_force_load_and_hold_what_a_review_needs():
    template = case_review_template()
    assert {section.brief for section in template.sections} >= {"ENGAGEMENT", "ADHERENCE", "RISK", "CONTACTS"}
    assert {seat.role for seat in template.participants if seat.required} == {
        "PRACTITIONER",
        "CARE_COORDINATOR",
        "SUPERVISOR",
    }
    assert {kind.code for kind in template.action_kinds} >= {
        "SAME_DAY_OUTREACH",
        "SAFETY_PLAN",
        "CARE_PLAN",
        "PARTNER",
    }
    assert decision_rights().kind("PEER_SUPPORT").roles[0] == "SUPERVISOR"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t["participants"][0].update(role="NURSE"), "'NURSE' is not a role"),
        (lambda t: t["sections"].append(t["sections"][0]), "`sections` names ENGAGEMENT twice"),
        (lambda t: t["escalation"]["URGENT"].reverse(), "`escalation.URGENT` needs steps, each later"),
        (lambda t: t["close_within_days"].pop("HIGH"), "`close_within_days.HIGH` must be at least 1"),
        (lambda t: t["action_kinds"][0].update(due_dys=1), "due_dys"),
        (lambda t: t["sections"][0].update(brief="MOOD"), "`brief` is 'MOOD'"),
    ],
)
def test_a_slip_in_the_template_is_one_clear_error_that_names_the_file(edited, change, says):
    edited("case-review", change)
    with pytest.raises(DefinitionError, match=r"case-review.yaml") as raised:
        case_review_template()
    assert says in str(raised.value)


def test_a_template_that_is_not_there_says_so(tmp_path, settings):
    settings.DEFINITIONS = tmp_path
    with pytest.raises(DefinitionError, match="it is not there"):
        decision_rights()

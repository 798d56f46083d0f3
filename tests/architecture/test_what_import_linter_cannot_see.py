"""Rules of the house that are about more than imports, each tried on a planted violation too."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tending.base.access.permissions import PERMISSIONS

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
STAGES = ("base", "collect", "keep", "measure", "notice", "review", "revise", "show", "web")
# What may join the stages: the turn of the loop, the intake, and what stands in for a user.
JOINERS = (
    "web/turn.py",
    "web/intake.py",
    "web/worker.py",
    "web/rebuild.py",
    "web/digests.py",
    "web/health.py",
    "web/commands/",
    "web/demonstration/",
)


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((SRC / "tending").rglob("*.py")):
        if "migrations" not in path.parts and not path.name.startswith("test_"):
            yield path, ast.parse(path.read_text())


def name_of(path: Path) -> str:
    return str(path.relative_to(SRC / "tending"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield node.module


def strangers_inside(name: str, tree: ast.Module) -> list[str]:
    """Imports of another stage's models or actions from a module that is no joiner."""
    if name.startswith(JOINERS):
        return []
    own = name.split("/", 1)[0]
    found = []
    for module in imported(tree):
        parts = module.split(".")
        stranger = len(parts) > 2 and parts[0] == "tending" and parts[1] in STAGES[1:] and parts[1] != own
        if stranger and {"models", "actions"} & set(parts[2:4]):
            found.append(f"{name} imports {module}")
    return found


def objects_in_views(name: str, tree: ast.Module) -> list[str]:
    if not name.endswith("views.py"):
        return []
    return [
        f"{name}:{node.lineno} reads .objects"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]


def long_views(name: str, tree: ast.Module) -> list[str]:
    if not name.endswith("views.py"):
        return []
    return [
        f"{name}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > 30
    ]


def get_model_calls(name: str, tree: ast.Module) -> list[str]:
    return [
        f"{name}:{node.lineno} calls get_model"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "get_model"
    ]


def actions_without_by(name: str, tree: ast.Module) -> list[str]:
    """Public functions of a feature's actions.py take keyword arguments only."""
    if not name.endswith("/actions.py"):
        return []
    return [
        f"{name}:{node.lineno} {node.name} takes positional arguments"
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and (node.args.args or node.args.posonlyargs)
    ]


RULES = {
    "another stage's models and actions stay its own": (
        strangers_inside,
        "keep/thief.py",
        "from tending.collect.models import Submission\n",
    ),
    "no .objects in views": (
        objects_in_views,
        "review/views.py",
        "def page(request):\n    return Review.objects.all()\n",
    ),
    "a view is short": (long_views, "review/views.py", "def page(request):\n" + "    x = 1\n" * 31),
    "get_model only in migrations": (get_model_calls, "keep/sly.py", "apps.get_model('a', 'B')\n"),
    "actions take keywords only": (actions_without_by, "keep/actions.py", "def keep(row, by):\n    pass\n"),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_the_rule(rule: str) -> None:
    check = RULES[rule][0]
    assert [found for path, tree in modules() for found in check(name_of(path), tree)] == []


@pytest.mark.parametrize("rule", RULES)
def test_a_planted_violation_is_caught(rule: str) -> None:
    check, name, text = RULES[rule]
    assert check(name, ast.parse(text))


def test_every_package_opens_with_the_question_it_answers() -> None:
    silent = [
        str(path.relative_to(SRC))
        for path in SRC.rglob("__init__.py")
        if not {"migrations", "templatetags"} & set(path.parts)
        and "?" not in (ast.get_docstring(ast.parse(path.read_text())) or "")
        and path.parent.name != "tending"
    ]
    assert silent == []


def test_a_foreign_key_points_to_an_earlier_stage_and_leaves_no_way_back() -> None:
    wrong = []
    for model in apps.get_models():
        stage = model.__module__.split(".")[1] if model.__module__.startswith("tending.") else None
        if stage is None:
            continue
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete and field.related_model):
                continue
            target = field.related_model.__module__.split(".")
            if target[0] != "tending" or target[1] == stage:
                continue
            if STAGES.index(target[1]) > STAGES.index(stage):
                wrong.append(f"{model.__name__}.{field.name} points to a later stage")
            if field.remote_field.related_name != "+":
                wrong.append(f"{model.__name__}.{field.name} has a way back: related_name='+'")
    assert wrong == []


def views(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry)
        else:
            yield entry


def test_every_view_of_ours_says_who_may_open_it() -> None:
    silent = []
    for pattern in views():
        view = pattern.callback
        if not view.__module__.startswith("tending."):
            continue
        reasons = getattr(view, "open_because", "") or getattr(view, "signed_in_because", "")
        if getattr(view, "permission", None) not in PERMISSIONS and not reasons:
            silent.append(f"{view.__module__}.{view.__name__}")
    assert silent == [], "add @requires(…), @for_the_signed_in(…) or @open_to_all(…)"


def test_names_that_hide_their_purpose_are_not_used() -> None:
    banned = {"utils.py", "helpers.py", "common.py", "services.py", "misc.py"}
    assert [str(p) for p in SRC.rglob("*.py") if p.name in banned] == []


def test_decision_numbers_are_unique() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("*.md")]
    assert len(numbers) == len(set(numbers))
    assert all(re.fullmatch(r"\d{4}", number) for number in numbers)


# Words the glossary keeps out of what people read: case for a person, patient, failing, and so on.
BANNED_WORDS = re.compile(
    r"\b(patients?|clients?|sufferers?|non-complian\w+|failing patient|case load)\b", re.IGNORECASE
)


def test_pages_use_the_glossarys_words() -> None:
    wrong = []
    for path in (SRC / "tending").rglob("*.html"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if BANNED_WORDS.search(line):
                wrong.append(f"{path.relative_to(SRC)}:{number} {line.strip()[:80]}")
    assert wrong == []


LONG_WITH_A_REASON = {"collect/templates.py"}  # one table, read as a table


def test_no_file_outgrows_its_question() -> None:
    too_long = {
        name_of(path): lines
        for path, _ in modules()
        if (lines := sum(1 for line in path.read_text().splitlines() if line.strip())) > 300
        and name_of(path) not in LONG_WITH_A_REASON
    }
    assert too_long == {}

"""The examples in the docstrings of both libraries are run, and no public function lacks one."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import outcomestats
import outcometables


def _modules() -> list[str]:
    found = []
    for package in (outcomestats, outcometables):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.rpartition(".")[2].startswith("test_"):
                found.append(module.name)
    return found


@pytest.mark.parametrize("name", _modules())
def test_examples_give_what_they_say(name: str) -> None:
    module = importlib.import_module(name)
    results = doctest.testmod(module, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert results.failed == 0


@pytest.mark.parametrize("name", [name for name in _modules() if name.startswith("outcomestats.")])
def test_every_public_function_shows_an_example(name: str) -> None:
    module = importlib.import_module(name)
    functions = [
        function
        for function_name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == name and not function_name.startswith("_")
    ]
    without = [function.__name__ for function in functions if ">>> " not in (function.__doc__ or "")]
    assert without == []

"""outcomestats is built, unpacked and imported where nothing but numpy, scipy and Python itself can be."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ALONE = """
import sys
from importlib.abc import MetaPathFinder

ALLOWED = {"outcomestats", "numpy", "scipy"} | sys.stdlib_module_names


class Nothing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in ALLOWED and not name.startswith("_sysconfigdata"):
            raise ImportError(f"{name} is not to be had here")


sys.meta_path.insert(0, Nothing())
sys.path[:0] = [sys.argv[1], sys.argv[2]]
import pkgutil, importlib
import outcomestats

assert outcomestats.__file__.startswith(sys.argv[1]), outcomestats.__file__
for module in pkgutil.walk_packages(outcomestats.__path__, "outcomestats."):
    importlib.import_module(module.name)
    print(module.name)

from outcomestats.variation.fit import fit
from outcomestats.variation.sums import Sums

print(fit(Sums.from_rows([4.0, 6.0, 5.0, 7.0, 9.0, 12.0], group=list("aabbcc"))).verdict)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("numbers")
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "outcomestats", folder / "src" / "outcomestats", ignore=leave)
    for name in ("LICENSE", ".gitignore"):  # what is ignored at the top must not leave a package out here
        shutil.copy(ROOT / name, folder)
    (folder / ".git").mkdir()
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=folder / "src" / "outcomestats",
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_it_is_imported_and_fits_a_model_with_nothing_else_there(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path)
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ALONE, str(tmp_path), packages],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *modules, verdict = done.stdout.splitlines()
    assert verdict == "71.7 % of the variance lies between groups."
    ours = {
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
        for path in (ROOT / "src" / "outcomestats").rglob("*.py")
        if path.name != "__init__.py" and not path.name.startswith("test_")
    }
    assert ours <= set(modules)


def test_the_wheel_asks_for_numpy_and_scipy_and_carries_types_licence_and_no_test(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        metadata = packed.read(next(name for name in names if name.endswith("METADATA"))).decode()
    needed = re.findall(r"^Requires-Dist: ([a-z]+)", metadata, re.MULTILINE)
    assert needed == ["numpy", "scipy"]
    assert {"outcomestats/py.typed", "outcomestats/LICENSE"} <= set(names)
    assert not [name for name in names if "test_" in name or name.startswith(("tending", "outcometables"))]


def test_it_asks_for_the_versions_the_application_does() -> None:
    own, whole = (
        tomllib.loads((folder / "pyproject.toml").read_text())["project"]
        for folder in (ROOT / "src" / "outcomestats", ROOT)
    )
    assert own["version"] == whole["version"]
    assert own["requires-python"] == whole["requires-python"]
    assert set(own["dependencies"]) <= set(whole["dependencies"])

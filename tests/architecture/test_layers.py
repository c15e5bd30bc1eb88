"""Rooms import downwards only – at the top of a module and inside functions alike."""

import os
import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.architecture.tree import ROOT

LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]


def lint(folder):
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(LINT, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def layers() -> list[str]:
    with open(ROOT / "pyproject.toml", "rb") as handle:
        contract = tomllib.load(handle)["tool"]["importlinter"]["contracts"][0]
    return [room.strip() for row in contract["layers"] for room in row.split("|")]


def test_every_room_stands_in_the_contract():
    rooms = {f"huiyin.{path.name}" for path in (ROOT / "huiyin").iterdir() if (path / "__init__.py").exists()}
    outside = {"huiyin.boot", "huiyin.config"}
    assert rooms - outside == set(layers())


def test_imports_point_down():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "line", ["import huiyin.cases.states\n", "def late():\n    from huiyin.cases import states\n"]
)
def test_an_upward_import_is_found(tmp_path, line):
    """The contract itself works: with one upward import, even inside a function, it is broken."""
    ignore = shutil.ignore_patterns("templates", "static", "world", "stories", "seeds", "__pycache__")
    shutil.copytree(ROOT / "huiyin", tmp_path / "huiyin", ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with open(tmp_path / "huiyin" / "areas" / "models.py", "a") as handle:
        handle.write("\n\n" + line)
    result = lint(tmp_path)
    assert result.returncode == 1
    assert "huiyin.areas.models -> huiyin.cases.states" in result.stdout


def test_config_and_boot_are_not_imported_by_rooms():
    """Settings reach the rooms through Django only; boot works before anything is installed."""
    from tests.architecture.tree import modules, name, text

    rooms = [path for path in modules() if path.relative_to(ROOT).parts[1] not in {"boot", "config"}]
    found = [
        name(p) for p in rooms if "huiyin.config." in _imports(text(p)) or "huiyin.boot" in _imports(text(p))
    ]
    assert found == []


def _imports(source: str) -> str:
    lines = source.splitlines()
    return "\n".join(line for line in lines if line.lstrip().startswith(("import ", "from ")))

"""The files of the checkout as the architecture tests read them; each is read once."""

import ast
import os
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {".git", ".venv", ".boot", "var", "__pycache__", "node_modules", "staticfiles"}
CACHES = (".pytest_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis")
TEXT = {
    ".py",
    ".md",
    ".html",
    ".css",
    ".js",
    ".yaml",
    ".yml",
    ".toml",
    ".txt",
    ".in",
    ".lock",
    ".json",
    ".geojson",
}
TEXT |= {".sql", ".svg", ".csv", ""}


@cache
def files() -> tuple[Path, ...]:
    """Every text file of the project, third-party and generated folders left out."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and name not in CACHES)
        paths = (Path(folder) / name for name in sorted(names))
        found += [path for path in paths if path.suffix in TEXT and not path.is_symlink()]
    return tuple(path for path in found if path.stat().st_size < 4_000_000)


@cache
def text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def below(*folders: str, suffix: str) -> list[Path]:
    """Files with this suffix below these folders of the checkout."""
    roots = tuple(ROOT / folder for folder in folders)
    return [
        path for path in files() if path.suffix == suffix and any(path.is_relative_to(root) for root in roots)
    ]


def modules() -> list[Path]:
    """The product's own Python, migrations left out."""
    return [path for path in below("huiyin", suffix=".py") if "migrations" not in path.parts]


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(text(path), str(path))


def templates() -> list[Path]:
    return [path for path in below("huiyin", suffix=".html") if "templates" in path.parts]

"""The pages in docs/ tell the truth: tests they name exist, links lead somewhere, commands are there."""

import ast
import re

from tests.architecture.tree import ROOT, below, files, name, syntax, text

PROOF = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def pages():
    own = [path for path in files() if path.suffix == ".md" and path.parent == ROOT]
    return own + below("docs", suffix=".md")


def names_in(path) -> set[str]:
    return {node.name for node in ast.walk(syntax(path)) if isinstance(node, ast.FunctionDef)}


def test_every_proof_exists():
    named = {(page, *proof) for page in pages() for proof in PROOF.findall(text(page))}
    assert len(named) > 20
    gone = []
    for page, file, test in sorted(named):
        path = ROOT / file
        if not path.exists() or test not in names_in(path):
            gone.append(f"{name(page)}: {file}::{test}")
    assert gone == []


def rows() -> list[list[str]]:
    """Cells of the checklists' rows: sentence, where to see it, proof."""
    found = []
    for line in [line for page in below("docs/checklist", suffix=".md") for line in text(page).splitlines()]:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if (
            line.startswith("|")
            and len(cells) == 3
            and not set(cells[0]) <= set("-: ")
            and cells[2] != "测试"
        ):
            found.append(cells)
    return found


def test_every_row_of_the_checklist_has_a_proof_or_says_that_it_is_open():
    assert len(rows()) > 40
    bare = [
        cells[0]
        for cells in rows()
        if not PROOF.search(cells[2]) and "未完" not in cells[2] and "人看" not in cells[2]
    ]
    assert bare == []


def test_links_lead_somewhere():
    pictures = (ROOT / "docs" / "pictures").exists()
    broken = []
    for page in pages():
        for target in LINK.findall(text(page)):
            here = (page.parent / target).resolve()
            waits = "pictures" in here.parts and not pictures
            if "://" not in target and not waits and not here.exists():
                broken.append(f"{name(page)}: {target}")
    assert broken == []


def test_commands_named_in_the_pages_exist():
    named = {word for page in pages() for word in re.findall(r"(?<!venv/)\bbin/([a-z-]+)\b", text(page))}
    assert {"run", "test"} <= named
    assert [word for word in sorted(named) if not (ROOT / "bin" / word).exists()] == []


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(
        int(path.name[:4]) for path in below("docs/decisions", suffix=".md") if path.name[:4].isdigit()
    )
    assert numbers == list(range(1, len(numbers) + 1)) and numbers

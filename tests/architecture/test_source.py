"""House rules that a machine can read: one clock, no inline script or style, files of a readable size."""

import ast
import re
import warnings

import pytest

from tests.architecture.tree import ROOT, below, modules, name, syntax, templates, text

# Files that mark text as safe HTML, each with the reason.
SAFE = {
    "huiyin/areas/maps.py": "draws an SVG from numbers and format_html; a name in it is escaped",
    "huiyin/shell/templatetags/shell.py": "builds icons, bars and QR codes; every value goes through format_html or is ours",
    "huiyin/shell/widgets.py": "draws Django's own inputs and selects; names, values and labels are escaped one by one",
}
# A data island is read by a module and never run.
DATA_SCRIPT = re.compile(r"<script[^>]*\btype=\"(application/json|importmap)\"", re.IGNORECASE)


def lines(pattern: str, paths, flags=0) -> list[str]:
    """'file:line' of every match."""
    found = []
    for path in paths:
        for hit in re.finditer(pattern, text(path), flags):
            found.append(f"{name(path)}:{text(path).count(chr(10), 0, hit.start()) + 1}: {hit[0][:60]}")
    return found


def test_only_the_clock_knows_the_time():
    """A year can be replayed because nothing else asks what time it is."""
    wrong = []
    for path in modules():
        if name(path) == "huiyin/rules/clock.py":
            continue
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                asked = ast.unparse(node)
                if re.fullmatch(
                    r"(django\.utils\.)?timezone\.(now|localtime|localdate)|(\w+\.)?(datetime|date)\.(now|utcnow|today)",
                    asked,
                ):
                    wrong.append(f"{name(path)}:{node.lineno}: {asked}")
            if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
                wrong.append(f"{name(path)}:{node.value.lineno}: {node.arg}")
            if isinstance(node, ast.Name) and node.id in {"Now", "CurrentTimestamp"}:
                wrong.append(f"{name(path)}:{node.lineno}: {node.id}")
    assert wrong == [], "use huiyin.rules.clock"


def test_no_inline_script_style_or_handler():
    """The content policy would drop them; what the page does stands in static files."""
    pages = templates()
    assert len(pages) > 20
    wrong = lines(r"<[^>]*\sstyle\s*=", pages, re.IGNORECASE)
    wrong += lines(r"<style\b", pages, re.IGNORECASE)
    wrong += lines(r"<[a-z][^<>]*\son[a-z]+\s*=", pages, re.IGNORECASE)
    wrong += lines(r"javascript:", pages, re.IGNORECASE)
    wrong += [
        hit
        for hit in lines(r"<script\b(?![^>]*\bsrc=)[^>]*>", pages, re.IGNORECASE)
        if not DATA_SCRIPT.search(hit)
    ]
    wrong += lines(r"\bstyle\s*=\s*[\"'][a-z-]+:", modules())
    assert wrong == []


def test_nothing_comes_from_another_server():
    """Pages work offline: no script, style, font or picture by an outside address."""
    own = [*templates(), *below("huiyin", suffix=".css"), *below("huiyin", suffix=".js")]
    wrong = lines(r"(?:src|href|url|import)\s*[=(]?\s*[\"'(]?\s*(?:https?:)?//[\w.-]+", own)
    assert wrong == []


def test_text_is_marked_safe_only_where_a_reason_is_given():
    marks = lines(r"\|\s*safe\b|\{%\s*autoescape off", templates()) + lines(
        r"\bmark_safe\(|\bSafeString\(", modules()
    )
    assert {hit.split(":")[0] for hit in marks} <= set(SAFE), marks


def test_no_drawers_for_everything():
    drawers = {"services.py", "utils.py", "helpers.py", "signals.py", "common.py", "misc.py"}
    meant = {"huiyin/cases/services.py"}  # the services that residents ask for
    assert [name(path) for path in modules() if path.name in drawers and name(path) not in meant] == []
    wrong = [
        name(path)
        for path in modules()
        if re.search(r"django\.db\.models\.signals|django\.dispatch", text(path))
    ]
    assert wrong == []


def test_every_module_says_what_it_is_for():
    silent = []
    for path in modules():
        tree = syntax(path)
        if [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom | ast.Assign)]:
            words = ast.get_docstring(tree)
            silent += [] if words else [name(path)]
    assert [path for path in silent if not path.endswith(("__init__.py", "apps.py"))] == []


def test_queries_of_matters_begin_with_who_may_read_them():
    """Pages and the API reach matters through visible_to only; tracking codes and jobs have rules of their own."""
    doors = [
        p
        for p in modules()
        if p.parent.name == "views" or "huiyin/api/" in name(p) or "huiyin/portal/" in name(p)
    ]
    assert len(doors) > 8
    raw = r"\bCase\.objects\.(?!visible_to\b|get\(pk=case\.pk\)|none\b)\w+"
    own_rule = {
        "huiyin/portal/week.py": "counts of the week, no matter is shown",
        "huiyin/portal/usual.py": "counts of a year by category, no matter is shown",
        "huiyin/api/intake.py": "the sender's own idempotency key finds what it registered",
    }
    wrong = [hit for hit in lines(raw, doors) if hit.split(":")[0] not in own_rule]
    assert wrong == []


SIZES = [(".py", 400, 700), (".html", 150, 300)]


@pytest.mark.parametrize(("suffix", "good", "most"), SIZES)
def test_files_are_of_a_readable_size(suffix, good, most):
    paths = [path for path in below("huiyin", "tests", suffix=suffix) if "migrations" not in path.parts]
    assert paths
    for path in paths:
        count = text(path).count("\n")
        if count > good:
            warnings.warn(f"{name(path)} has {count} lines, aim for {good}", stacklevel=1)
    assert [f"{name(p)}: {text(p).count(chr(10))}" for p in paths if text(p).count("\n") > most] == []


def test_the_whole_tree_has_a_licence():
    licence = text(ROOT / "LICENSE")
    assert "Apache License" in licence and "END OF TERMS AND CONDITIONS" in licence

"""Every environment variable that the product reads is explained where an administrator looks."""

import ast
import re

from tests.architecture.tree import ROOT, below, modules, name, syntax, text

VARIABLE = re.compile(r"\b(?:HUIYIN|DATABASE)_[A-Z_]*[A-Z]\b")
NOT_VARIABLES: set[str] = set()


def read_variables() -> dict[str, str]:
    """Variable → a file that reads it, from every string in the code."""
    found = {}
    for path in [
        *modules(),
        *(path for path in below("bin", suffix="") if text(path).startswith("#!/usr/bin/env python")),
    ]:
        for node in ast.walk(syntax(path)):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and VARIABLE.fullmatch(node.value)
            ):
                found[node.value] = name(path)
    return found


def explained() -> set[str]:
    pages = [ast.get_docstring(syntax(ROOT / "huiyin" / "config" / "settings.py")) or ""]
    production = ROOT / "docs" / "production.md"
    pages += [text(production)] if production.exists() else []
    return set(VARIABLE.findall("\n".join(pages)))


def test_every_variable_is_explained():
    missing = {variable: place for variable, place in read_variables().items() if variable not in explained()}
    assert missing == {}, "explain in the docstring of huiyin/config/settings.py or in docs/production.md"


def test_nothing_is_explained_that_nobody_reads():
    everything = "\n".join(
        text(path)
        for path in [*modules(), *below("bin", "tests", ".ci", suffix=""), *below("tests", suffix=".py")]
    )
    docstring = ast.get_docstring(syntax(ROOT / "huiyin" / "config" / "settings.py"))
    idle = [word for word in explained() if everything.count(word) <= docstring.count(word)]
    assert idle == []

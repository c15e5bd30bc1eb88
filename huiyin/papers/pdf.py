"""PDF of a paper, set by typst in a process of its own: with a time limit, and safe from many threads."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from huiyin.base.refusal import Refusal
from huiyin.papers import fonts
from huiyin.papers.blocks import Paper
from huiyin.papers.layout import sheet_of

HERE = Path(__file__).parent
SECONDS = 15
# An even count of sheets' sides, then page 1 of the next paper.
BETWEEN = '#pagebreak(to: "odd", weak: true)\n#counter(page).update(1)'


def render(paper: Paper) -> bytes:
    """The PDF; the same paper and fonts give the same bytes. About 0.2 s a paper.

    Raises Refusal when it cannot be set (a broken picture) or takes more than SECONDS.
    """
    with tempfile.TemporaryDirectory(prefix="huiyin-paper-") as folder:
        _lay_out(paper, Path(folder))
        return _press(Path(folder), SECONDS)


def render_all(papers: list[Paper]) -> bytes:
    """One PDF of several papers, each numbered from 1 and begun on a fresh sheet, also when printed on both sides."""
    with tempfile.TemporaryDirectory(prefix="huiyin-papers-") as folder:
        place, lines = Path(folder), []
        for number, paper in enumerate(papers):
            (place / str(number)).mkdir()
            _lay_out(paper, place / str(number))
            lines += [BETWEEN] if number else []
            lines += [f'#include "{number}/press.typ"']
        (place / "press.typ").write_text("\n".join(lines), encoding="utf-8")
        return _press(place, SECONDS + len(papers))


def _lay_out(paper: Paper, place: Path):
    """Put into `place` all that the typesetter reads of this paper."""
    sheet = sheet_of(paper)
    (place / "paper.json").write_text(json.dumps(sheet.data, ensure_ascii=False), encoding="utf-8")
    for name in ("press.typ", "press_blocks.typ", "press_base.typ"):
        (place / name).write_bytes((HERE / name).read_bytes())
    for name, content in sheet.files.items():
        (place / name).write_bytes(content)


def _press(place: Path, seconds: int) -> bytes:
    command = [sys.executable, "-I", str(HERE / "press.py"), str(place), *fonts.folders()]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=seconds, env={"PATH": os.environ.get("PATH", "")}
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal("这份文书排版超过了时间，可能内容太长。请下载 Word 文件，或分成几份。") from error
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise RuntimeError(f"typst: {words[-1] if words else 'no word'}")
    return (place / "paper.pdf").read_bytes()

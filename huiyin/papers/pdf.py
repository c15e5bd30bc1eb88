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


def render(paper: Paper) -> bytes:
    """The PDF; the same paper and fonts give the same bytes. About 0.2 s a paper.

    Raises Refusal when it cannot be set (a broken picture) or takes more than SECONDS.
    """
    sheet = sheet_of(paper)
    with tempfile.TemporaryDirectory(prefix="huiyin-paper-") as folder:
        place = Path(folder)
        (place / "paper.json").write_text(json.dumps(sheet.data, ensure_ascii=False), encoding="utf-8")
        for name in ("press.typ", "press_blocks.typ", "press_base.typ"):
            (place / name).write_bytes((HERE / name).read_bytes())
        for name, content in sheet.files.items():
            (place / name).write_bytes(content)
        return _press(place)


def _press(place: Path) -> bytes:
    command = [sys.executable, "-I", str(HERE / "press.py"), str(place), *fonts.folders()]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=SECONDS, env={"PATH": os.environ.get("PATH", "")}
        )
    except subprocess.TimeoutExpired as error:
        raise Refusal("这份文书排版超过了时间，可能内容太长。请下载 Word 文件，或分成几份。") from error
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise RuntimeError(f"typst: {words[-1] if words else 'no word'}")
    return (place / "paper.pdf").read_bytes()

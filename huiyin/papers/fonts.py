"""Which fonts stand in for which: the standard names licensed ones, a house often has only open ones.

HUIYIN_FONTS names a folder with the licensed files; what is missing there is replaced by Noto, and said so.
"""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from huiyin.papers.cmap import coverage

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
# face → (name written into .docx, family names of its files, open stand-in)
FACES = {
    "fangsong": ("仿宋_GB2312", ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong"), SERIF),
    "xiaobiaosong": (
        "方正小标宋简体",
        ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05", "方正小标宋_GBK"),
        SERIF,
    ),
    "heiti": ("黑体", ("SimHei", "黑体", "STHeiti"), SANS),
    "kaiti": ("楷体_GB2312", ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti"), SERIF),
    "songti": ("宋体", ("SimSun", "宋体", "NSimSun", "STSong"), SERIF),
}
_OPEN = Path(pylopdf_fonts_zh_cn.__file__).parent


@dataclass(frozen=True)
class Choice:
    """The family a face is set in. `bold_pt`: how much the strokes of a light stand-in are thickened at 16 pt."""

    family: str
    is_substitute: bool
    bold_pt: float = 0


def folders() -> list[str]:
    """Font folders, the office's own first. A folder that is not there is left out."""
    own = os.environ.get("HUIYIN_FONTS", "")
    return [*([own] if own and Path(own).is_dir() else []), str(_OPEN)]


@lru_cache(maxsize=4)
def _families(places: tuple[str, ...]) -> dict[str, str]:
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(places))
    return {name.lower(): name for name in found.families()}


def chosen() -> dict[str, Choice]:
    """face → what it is set in on this machine."""
    there = _families(tuple(folders()))
    thicker = {"xiaobiaosong": 0.42, "heiti": 0.25}
    result = {}
    for face, (_, names, stand_in) in FACES.items():
        own = next((there[name.lower()] for name in names if name.lower() in there), None)
        result[face] = Choice(own or stand_in, own is None, 0 if own else thicker.get(face, 0))
    return result


def substitutions() -> list[tuple[str, str]]:
    """[('仿宋_GB2312', 'Noto Serif SC'), …]: what the PDF of this machine does not have."""
    return [(FACES[face][0], row.family) for face, row in chosen().items() if row.is_substitute]


def substitution_note() -> str:
    """One sentence for the screen and the PDF's properties; '' when every font is there."""
    rows = substitutions()
    if not rows:
        return ""
    return "字体替代：" + "；".join(f"{name}→{family}" for name, family in rows)


@lru_cache(maxsize=4)
def _covered(places: tuple[str, ...]) -> frozenset[int]:
    found: set[int] = set()
    for place in places:
        for path in sorted(Path(place).rglob("*")):
            if path.suffix.lower() in {".otf", ".ttf", ".ttc", ".otc"}:
                found |= coverage(path)
    return frozenset(found)


def without_type(text: str) -> list[str]:
    """Characters of `text` for which no font here has a shape, each once; the PDF shows 〓 in their place."""
    covered = _covered(tuple(folders()))
    return sorted({char for char in text if ord(char) not in covered and not char.isspace()})

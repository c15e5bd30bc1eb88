"""Runs typst on a prepared folder: `press.py FOLDER FONT_FOLDER…`. Knows nothing else of the house."""

import sys
from pathlib import Path

import typst


def main(folder: str, *font_folders: str):
    """Set FOLDER/press.typ into FOLDER/paper.pdf; text comes as data from paper.json there."""
    place = Path(folder)
    typst.compile(
        str(place / "press.typ"),
        output=str(place / "paper.pdf"),
        root=folder,
        font_paths=list(font_folders),
        ignore_system_fonts=True,
        timestamp=0,
        package_path=folder,
        package_cache_path=folder,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

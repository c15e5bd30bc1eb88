"""The files of the invented subdistrict, below `world/`."""

import json
from pathlib import Path

import yaml

WORLD = Path(__file__).parent / "world"


def read(name: str):
    """Content of a YAML file."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((WORLD / name).read_text(), Loader=loader)


def features(name: str) -> list[dict]:
    """Features of a GeoJSON file."""
    return json.loads((WORLD / name).read_text())["features"]

"""Which characters a font file can draw, from its cmap table (OpenType, formats 4 and 12)."""

import struct
from pathlib import Path


def coverage(path: Path) -> set[int]:
    """Code points with a shape in the file (all fonts of a collection). Empty for what is no font."""
    data = path.read_bytes()
    try:
        if data[:4] == b"ttcf":
            count = struct.unpack(">I", data[8:12])[0]
            starts = struct.unpack(f">{count}I", data[12 : 12 + 4 * count])
            return set().union(*(_of_font(data, start) for start in starts))
        return _of_font(data, 0)
    except (struct.error, IndexError, ValueError):
        return set()


def _of_font(data: bytes, start: int) -> set[int]:
    tables = struct.unpack(">H", data[start + 4 : start + 6])[0]
    for number in range(tables):
        at = start + 12 + 16 * number
        if data[at : at + 4] == b"cmap":
            return _of_table(data, struct.unpack(">I", data[at + 8 : at + 12])[0])
    return set()


def _of_table(data: bytes, base: int) -> set[int]:
    found: set[int] = set()
    for number in range(struct.unpack(">H", data[base + 2 : base + 4])[0]):
        platform, _, offset = struct.unpack(">HHI", data[base + 4 + 8 * number : base + 12 + 8 * number])
        form = struct.unpack(">H", data[base + offset : base + offset + 2])[0]
        if platform in (0, 3) and form == 12:
            found |= _groups(data, base + offset)
        elif platform in (0, 3) and form == 4:
            found |= _segments(data, base + offset)
    return found


def _groups(data: bytes, at: int) -> set[int]:
    count = struct.unpack(">I", data[at + 12 : at + 16])[0]
    found: set[int] = set()
    for number in range(count):
        first, last, _ = struct.unpack(">III", data[at + 16 + 12 * number : at + 28 + 12 * number])
        if last > 0x10FFFF:
            raise ValueError("no such character")
        found.update(range(first, last + 1))
    return found


def _segments(data: bytes, at: int) -> set[int]:
    count = struct.unpack(">H", data[at + 6 : at + 8])[0] // 2
    ends = struct.unpack(f">{count}H", data[at + 14 : at + 14 + 2 * count])
    starts = struct.unpack(f">{count}H", data[at + 16 + 2 * count : at + 16 + 4 * count])
    found: set[int] = set()
    for first, last in zip(starts, ends, strict=True):
        if first != 0xFFFF:
            found.update(range(first, last + 1))
    return found

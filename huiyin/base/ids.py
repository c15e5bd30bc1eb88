"""Ids made in Python: UUIDv7 keys, tracking codes."""

import secrets
import uuid

import uuid_utils.compat

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: codes are read out over the telephone


def uuid7() -> uuid.UUID:
    """A time-ordered id, the primary key of every table."""
    return uuid_utils.compat.uuid7()


def tracking_code() -> str:
    """Nine random characters as XXX-XXX-XXX, 45 bits: the resident's key to one matter."""
    raw = "".join(secrets.choice(ALPHABET) for _ in range(9))
    return f"{raw[:3]}-{raw[3:6]}-{raw[6:]}"


def clean_tracking_code(text: str) -> str:
    """A code as people type it (lower case, spaces, no dashes, full-width) in its stored form."""
    raw = "".join(c for c in text.upper().translate(FULL_WIDTH) if c in ALPHABET)
    return f"{raw[:3]}-{raw[3:6]}-{raw[6:]}" if len(raw) == 9 else ""


FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)}

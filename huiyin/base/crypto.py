"""Identities at rest: AES-256-GCM per value, and a keyed blind index for exact look-up."""

import hashlib
import hmac
import os
import re
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from huiyin.base import secrets

KEY_ID = b"\x01"


@lru_cache
def _cipher() -> AESGCM:
    return AESGCM(secrets.data_key(settings.KEYS))


def encrypt(text: str, context: str) -> bytes:
    """key id (1 byte) + nonce (12) + ciphertext with tag; `context` binds it to its column."""
    nonce = os.urandom(12)
    return KEY_ID + nonce + _cipher().encrypt(nonce, text.encode(), context.encode())


def decrypt(blob: bytes, context: str) -> str:
    """The text of `encrypt`. Raises InvalidTag when the value was moved or changed."""
    blob = bytes(blob)
    return _cipher().decrypt(blob[1:13], blob[13:], context.encode()).decode()


def blind_index(value: str, purpose: str) -> str:
    """64 hex characters that find an exact phone or ID number and tell nothing else; '' for ''."""
    digits = re.sub(r"[^0-9Xx]", "", value).upper()
    if not digits:
        return ""
    key = secrets.index_key(settings.KEYS)
    return hmac.new(key, f"{purpose}:{digits}".encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.BinaryField):
    """Text in Python, ciphertext in the database. Cannot be searched or sorted."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs["editable"] = True
        super().__init__(*args, **kwargs)

    @property
    def _context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    def from_db_value(self, value, expression, connection):
        return "" if value is None or len(value) == 0 else decrypt(value, self._context)

    def get_db_prep_value(self, value, connection, prepared=False):
        blob = encrypt(value, self._context) if value else b""
        return super().get_db_prep_value(blob, connection, prepared)

    def _check_str_default_value(self):
        return []  # the default is text on purpose: this field is text in Python

    def to_python(self, value):
        return value

    def value_to_string(self, obj):
        raise TypeError("加密字段不能导出")

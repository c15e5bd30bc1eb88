"""Keys of one installation. They lie beside the data folder, never inside it, so that a copy of
the data alone cannot be read."""

import base64
import contextlib
import os
import secrets
from pathlib import Path


def key_folder(data: Path) -> Path:
    """The folder with this installation's keys, mode 0700; made when it is missing."""
    folder = Path(os.environ.get("HUIYIN_KEYS") or f"{data}.keys")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _read_or_make(path: Path, length: int) -> bytes:
    """The key in `path`. Two first starts at once agree on one key: link() has one winner."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(base64.urlsafe_b64encode(secrets.token_bytes(length)).decode() + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return base64.urlsafe_b64decode(path.read_text().strip())


def secret_key(folder: Path) -> str:
    """Django's SECRET_KEY: signs sessions and forms."""
    return base64.urlsafe_b64encode(_read_or_make(folder / "session.key", 48)).decode()


def data_key(folder: Path) -> bytes:
    """32 bytes that encrypt identities (AES-256-GCM)."""
    return _read_or_make(folder / "identity-1.key", 32)


def index_key(folder: Path) -> bytes:
    """32 bytes for the blind index (HMAC-SHA256) over phone and ID numbers."""
    return _read_or_make(folder / "index.key", 32)


def password(folder: Path, name: str) -> str:
    """A password kept as <name>.key, made on first use."""
    return base64.urlsafe_b64encode(_read_or_make(folder / f"{name}.key", 24)).decode()

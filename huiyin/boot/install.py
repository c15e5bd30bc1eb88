"""Set-up of the checkout: uv into .boot, packages into .venv, both from lock files with hashes.

Standard library only: this runs before anything is installed. Once installed it asks no network."""

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from huiyin.boot.postgres import ROOT, Trouble

BOOT, VENV = ROOT / ".boot", ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed-from"
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
BOOT_LOCK = ROOT / "requirements-boot.lock"


def ensure(kind: str = "run") -> None:
    """Make .venv match the lock file of `kind` (`dev` holds everything that `run` does)."""
    if sys.version_info < (3, 11):  # noqa: UP036
        raise Trouble(
            f"需要 Python 3.11 或更新的版本，现在是 {sys.version.split()[0]}。Debian 12 自带 3.11。"
        )
    if _installed(kind):
        if not os.access(PYTHON, os.X_OK):
            raise Trouble(
                f"{PYTHON} 当前账户不能执行：它是另一个账户安装的。请另取一份项目，或用原来的账户运行。"
            )
        return
    with _alone():
        if _installed(kind):
            return
        start = time.monotonic()
        _say("首次安装，需要联网……")
        environment = _index_settings()
        uv = _uv()
        if not (PYTHON.exists() and PYTHON.resolve().exists()):
            _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)], environment)
        STAMP.unlink(missing_ok=True)
        sync = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(LOCKS[kind])]
        _run(sync, environment)
        STAMP.write_text(_wanted(kind))
        _say(f"安装完成（{time.monotonic() - start:.0f} 秒），以后启动不再联网。")


def compile_locks() -> None:
    """bin/lock: write the lock files anew from the .in files."""
    environment, uv = _index_settings(), _uv()
    # Without addresses: a lock file names packages and hashes, and works with any index.
    common = ["pip", "compile", "--quiet", "--universal", "--generate-hashes", "--python-version", "3.11"]
    common += ["--custom-compile-command", "bin/lock", "--no-header", *sys.argv[1:]]
    for name, constraint in (("boot", None), ("", None), ("-dev", LOCKS["run"])):
        stem = f"requirements-{name}" if name == "boot" else f"requirements{name}"
        extra = ["-c", constraint.name] if constraint else []
        _run([uv, *common, *extra, "-o", f"{stem}.lock", f"{stem}.in"], environment)
        _say(f"已写 {stem}.lock")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _wanted(kind: str) -> str:
    kinds = ["run", "dev"] if kind == "dev" else ["run"]
    return "".join(f"{k} {_digest(LOCKS[k])}\n" for k in kinds)


def _installed(kind: str) -> bool:
    try:
        return set(_wanted(kind).splitlines()) <= set(STAMP.read_text().splitlines()) and PYTHON.exists()
    except OSError:
        return False


@contextlib.contextmanager
def _alone():
    """One installation at a time in this checkout."""
    try:
        BOOT.mkdir(exist_ok=True)
        handle = os.open(BOOT / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise Trouble(
            f"项目目录 {ROOT} 不能写入（{error.strerror}），无法安装。请换有权限的账户，或另取一份项目。"
        ) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Trouble(
            f"这一步没有成功：{shlex.join(command)}\n"
            "多半是连不上 Python 软件源。可以用 PIP_INDEX_URL 指定一个镜像，或检查网络和代理后再试。"
        )


def _uv() -> str:
    """uv, put into .boot with pip; bare Debian has pip but no venv module, and locks its own site-packages."""
    mine = BOOT / "bin" / "uv"
    stamp = BOOT / "installed-from"
    if mine.exists() and stamp.exists() and stamp.read_text() == _digest(BOOT_LOCK):
        return str(mine)
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode:
        found = shutil.which("uv")
        if found:
            return found
        raise Trouble("这台机器的 Python 没有 pip。Debian/Ubuntu：apt install python3-pip，然后再运行一次。")
    for old in ("bin", "uv"):
        shutil.rmtree(BOOT / old, ignore_errors=True)
    for old in BOOT.glob("uv-*.dist-info"):
        shutil.rmtree(old, ignore_errors=True)
    _run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
          "--root-user-action=ignore", "--no-deps", "--only-binary=:all:", "--require-hashes",
          "--target", str(BOOT), "-r", str(BOOT_LOCK)])  # fmt: skip
    stamp.write_text(_digest(BOOT_LOCK))
    return str(mine)


def _index_settings() -> dict[str, str]:
    """This machine's pip settings (mirror, proxy, certificate) in uv's words; uv does not read pip's files."""
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True)
    settings = {}
    for line in done.stdout.splitlines():
        name, _, value = line.partition("=")
        if value:  # the environment comes first in the list and counts most
            settings.setdefault(name.rsplit(".", 1)[-1].strip(), value.strip().strip("'\""))
    names = {"index-url": "UV_DEFAULT_INDEX", "proxy": "ALL_PROXY", "cert": "SSL_CERT_FILE"}
    names["trusted-host"] = "UV_INSECURE_HOST"
    if settings.get("no-index", "").lower() in {"1", "true", "yes", "on"}:
        environment.setdefault("UV_NO_INDEX", "1")
        names["find-links"] = "UV_FIND_LINKS"
    for pip_name, uv_name in names.items():
        if settings.get(pip_name):
            environment.setdefault(uv_name, settings[pip_name])
    return environment

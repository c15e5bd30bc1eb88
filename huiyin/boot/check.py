"""bin/test and bin/lint: set up, find a browser, run the checks."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from huiyin.boot.install import PYTHON, ensure
from huiyin.boot.instance import Instance
from huiyin.boot.postgres import ROOT, Trouble

MARKS = {"--fast": "not journey and not slow and not long", "": "not long", "--long": ""}
USAGE = """用法：bin/test [--fast|--long] [pytest 参数或路径…]
  --fast  不开浏览器、不走全程，90 秒以内；默认全部，包括浏览器里的全程；--long 再加故障和大数据量的轮次"""


def test(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the database is stopped then too
    try:
        if {"-h", "--help"} & set(arguments):
            print(USAGE)
            return 0
        size = "--fast" if "--fast" in arguments else "--long" if "--long" in arguments else ""
        given = [word for word in arguments if word not in {"--fast", "--long"}]
        ensure("dev")
        data = Path(os.environ.get("HUIYIN_TEST_DATA") or ROOT / "var" / "test").resolve()
        os.environ.pop("HUIYIN_DATA", None)
        instance = Instance(data, relaxed=True)
        with one_at_a_time(data), instance.database():
            return pytest(size, given, instance)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def pytest(size: str, given: list[str], instance: Instance) -> int:
    environment, marks = instance.environment("owner"), MARKS[size]
    environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    # The switches of a running house must not reach the tests.
    for name in ("HUIYIN_WORLD", "HUIYIN_SWITCHER", "HUIYIN_DEBUG", "HUIYIN_HOSTS"):
        environment.pop(name, None)
    if size != "--fast":
        browser = find_browser() or install_browser()
        if browser:
            environment["HUIYIN_CHROMIUM"] = browser
        else:
            marks = f"{marks} and not journey" if marks else "not journey"
            print(
                "跳过：浏览器里的测试（标记 journey）。原因：没有找到 Chromium，也无权安装。\n"
                "      补上的办法：以 root 运行 apt-get install chromium fonts-noto-cjk，或把 chromium 放进 PATH。",
                file=sys.stderr,
            )
    command = [str(PYTHON), "-m", "pytest"]
    if marks and not any(word == "-m" or word.startswith("-m=") for word in given):
        command += ["-m", marks]
    chosen = any((ROOT / word.split("::")[0]).exists() for word in given if not word.startswith("-"))
    if not chosen and not any(word.startswith(("-n", "-p", "--pdb")) for word in given):
        command += ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadgroup"]
    return subprocess.call([*command, *given], cwd=ROOT, env=environment)


@contextlib.contextmanager
def one_at_a_time(data: Path):
    """Two test runs would pull the same test database from under each other."""
    with open(data / "test.lock", "a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"另一轮测试正在使用 {data}，等它结束……", file=sys.stderr)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# Browser


def find_browser() -> str | None:
    for name in (
        os.environ.get("HUIYIN_CHROMIUM"),
        "/usr/bin/chromium",
        "chromium",
        "chromium-browser",
        "google-chrome",
    ):
        found = name and shutil.which(name)
        if found:
            return found
    asked = subprocess.run(
        [str(PYTHON), "-c", "from playwright.sync_api import sync_playwright as s\n"
         "with s() as p: print(p.chromium.executable_path)"], capture_output=True, text=True,
    )  # fmt: skip
    own = asked.stdout.strip()
    return own if own and Path(own).exists() else None


def install_browser() -> str | None:
    """Debian's chromium, and a font that has Chinese, where we may."""
    if not shutil.which("apt-get"):
        return None
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if rights and (not shutil.which("sudo") or subprocess.call([*rights, "true"], stderr=subprocess.DEVNULL)):
        return None
    print("没有浏览器，正在用 apt-get 安装 chromium 和中文字体……", file=sys.stderr)
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    front = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.call([*front, "update"], env=environment, **quiet)
    packages = ["chromium", "fonts-noto-cjk"]
    if subprocess.call(
        [*front, "install", "-y", "--no-install-recommends", *packages], env=environment, **quiet
    ):
        print("apt-get 没有装成。", file=sys.stderr)
        return None
    return find_browser()


# Lint


def lint(arguments: list[str]) -> int:
    try:
        ensure("dev")
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    scripts = [
        path
        for path in sorted((ROOT / "bin").iterdir())
        if path.read_bytes().startswith(b"#!/usr/bin/env python")
    ]
    places = ["huiyin", "tests", "bench", *(str(path.relative_to(ROOT)) for path in scripts)]
    python = str(PYTHON)
    checks = [
        [python, "-m", "ruff", "check", *places],
        [python, "-m", "ruff", "format", "--check", *places],
        [python, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return max(abs(subprocess.call(check, cwd=ROOT, env=environment)) for check in checks)

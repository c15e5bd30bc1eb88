"""bin/run for real: first start, second start, port taken, a child killed, Ctrl-C."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from huiyin.boot.instance import Instance
from huiyin.boot.serve import Server, options

# Whole processes, one start for all of them: with the journeys, not among the fast tests.
pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("house")]
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment() -> dict:
    ours = ("DATABASE_", "HUIYIN_", "DJANGO_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def run(*arguments, **more) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "bin" / "run"), *map(str, arguments)]
    return subprocess.run(
        command, env=clean_environment(), capture_output=True, text=True, timeout=90, **more
    )


def processes_of(data: Path) -> list[str]:
    """Command lines of everything that works on this data folder, by its environment or arguments."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command, environment = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
            except OSError:
                continue
            if f"HUIYIN_DATA={data}\0".encode() in environment or f"{data}/".encode() in command:
                found.append(f"{entry.name} {command.replace(bytes(1), b' ').decode(errors='replace')}")
    return found


def get(address: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(address, timeout=10) as reply:
        return reply.status, reply.read().decode()


def eventually(check, seconds: float = 30):
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = check()
        except OSError:
            found = None
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


class House:
    def __init__(self, data: Path):
        self.data, self.port, self.log = data, free_port(), data.with_suffix(".log")
        self.address = f"http://127.0.0.1:{self.port}/"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "bin" / "run"), "--world", "none", "--port", str(self.port)]
                + ["--data", str(data)],
                env=clean_environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )

    def healthy(self) -> bool:
        return get(f"{self.address}healthz") == (200, "ok\n")

    def children(self, word: str) -> list[int]:
        return [int(line.split()[0]) for line in processes_of(self.data) if word in line]


@pytest.fixture(scope="module")
def house():
    with tempfile.TemporaryDirectory(prefix="huiyin-run-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        made = House(Path(folder) / "data")
        try:
            eventually(lambda: made.process.poll() is not None or made.healthy(), 90)
            assert made.process.poll() is None and made.healthy(), made.log.read_text()
            yield made
        finally:
            made.process.send_signal(signal.SIGINT)
            made.process.wait(60)


def test_it_serves_and_says_where(house):
    assert eventually(lambda: house.address in house.log.read_text()), house.log.read_text()
    assert house.children("gunicorn") and house.children("procrastinate") and house.children("postgres")


def test_a_second_start_finds_the_first(house):
    for arguments in (("--data", house.data), ("--data", house.data, "--port", free_port())):
        second = run(*arguments)
        assert second.returncode == 0, second.stderr
        assert house.address in second.stdout and str(house.process.pid) in second.stdout


def test_a_port_in_use_is_told(house):
    other = run("--data", house.data.with_name("other"), "--port", house.port, "--world", "none")
    assert other.returncode == 2
    assert "已被另一个程序占用" in other.stderr and "--port" in other.stderr


def test_keys_are_private_and_lie_beside_the_data(house):
    keys = Path(f"{house.data}.keys")
    files = list(keys.iterdir())
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {"session.key", "database-huiyin_app.key"} <= {path.name for path in files}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_no_debug_no_switcher_and_the_runtime_account(house):
    for pid in house.children("gunicorn"):
        words = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
        values = dict(word.split("=", 1) for word in words if "=" in word)
        assert values["HUIYIN_DB_ACCOUNT"] == "runtime" and "huiyin_app:" in values["DATABASE_URL"]
        assert not {"HUIYIN_SWITCHER", "HUIYIN_DEBUG"} & set(values)


def test_what_dies_is_started_again(house):
    # An earlier test may have left the worker between its end and its next start.
    assert eventually(lambda: house.children("gunicorn") and house.children("procrastinate"))
    web, jobs = min(house.children("gunicorn")), house.children("procrastinate")[0]
    database = min(house.children("bin/postgres"))
    for pid in (web, jobs, database):
        os.kill(pid, signal.SIGKILL)
    assert eventually(
        lambda: (
            house.healthy()
            and set(house.children("gunicorn")) - {web}
            and set(house.children("procrastinate")) - {jobs}
        )
    ), house.log.read_text()
    log = house.log.read_text()
    assert "网页服务意外停止" in log and "后台任务意外停止" in log and "数据库意外停止" in log


def test_management_commands_leave_a_running_database_running(house):
    command = [sys.executable, str(ROOT / "bin" / "huiyin"), "showmigrations", "--data", str(house.data)]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "[X] 0001_initial" in done.stdout and "[ ]" not in done.stdout
    assert house.healthy()


def test_a_house_in_use_takes_no_demo_world(house):
    command = [sys.executable, str(ROOT / "bin" / "huiyin"), "load_world", f"--data={house.data}"]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "--world none" in done.stderr
    assert not (house.data / "demo-sign-ins.txt").exists()


def test_demo_sign_ins_are_private():
    with tempfile.TemporaryDirectory(prefix="huiyin-run-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        data = Path(folder) / "data"
        for word in ("setup", "load_world"):
            command = [sys.executable, str(ROOT / "bin" / "huiyin"), word, f"--data={data}"]
            done = subprocess.run(
                command, env=clean_environment(), capture_output=True, text=True, timeout=180
            )
            assert done.returncode == 0, done.stderr
        file = data / "demo-sign-ins.txt"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600 and "lu.qingyuan" in file.read_text()


@pytest.mark.parametrize(
    ("host", "world", "switcher"),
    [("127.0.0.1", "demo", True), ("::1", "demo", True), ("127.0.0.1", "none", False),
     ("0.0.0.0", "demo", False), ("192.0.2.7", "demo", False), ("::", "demo", False)],
)  # fmt: skip
def test_the_switcher_is_offered_on_loopback_in_a_demo_world_only(
    monkeypatch, tmp_path, host, world, switcher
):
    for name in [name for name in os.environ if name.startswith(("DATABASE_", "HUIYIN_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HUIYIN_SWITCHER", "1")
    monkeypatch.setenv("HUIYIN_DEBUG", "1")
    server = Server(options(["--host", host, "--world", world, "--data", str(tmp_path / "data")]))
    server.instance, server.world = Instance(server.data), world
    values = server.environment()
    assert (values.get("HUIYIN_SWITCHER") == "1") is switcher
    assert "HUIYIN_DEBUG" not in values and values["HUIYIN_WORLD"] == world


def test_the_world_of_a_data_folder_stays(house):
    copy = house.data.with_name("real")
    copy.mkdir()
    (copy / "world").write_text("none\n")
    refused = run("--data", copy, "--world", "demo", "--port", free_port())
    assert refused.returncode == 2 and "--world none" in refused.stderr
    assert (copy / "world").read_text() == "none\n"


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "70000"], ["--host", "203.0.113.7"]])
def test_wrong_options_are_told(arguments):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        refused = run("--data", folder, "--world", "none", *arguments)
        assert refused.returncode == 2 and re.search("请", refused.stderr)


def test_zz_ctrl_c_stops_all_of_it(house):
    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(60) == 0
    assert processes_of(house.data) == []
    assert "已停止" in house.log.read_text()

"""The embedded PostgreSQL itself: set-up, both accounts, recovery, refusals."""

import os
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from huiyin.boot.instance import Instance
from huiyin.boot.postgres import Cluster, Trouble

pytestmark = pytest.mark.slow


@pytest.fixture
def cluster(tmp_path_factory, monkeypatch):
    """A cluster of its own, in a place that the PostgreSQL account can reach too."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("HUIYIN_KEYS", raising=False)
    with tempfile.TemporaryDirectory(prefix="huiyin-test-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        made = Cluster(Path(folder) / "data", relaxed=True)
        yield made
        made.stop()


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes():
            return True
        time.sleep(0.05)
    return False


def test_start_accounts_keys_and_stop(cluster):
    assert cluster.start() and not cluster.start()
    owner, runtime = cluster.urls()
    with psycopg.connect(owner) as account:
        account.execute("create table kept (a text)")
        assert account.execute("show server_encoding").fetchone() == ("UTF8",)
        assert account.execute("show listen_addresses").fetchone() == ("",)
        assert account.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() == (
            False,
        )
    with psycopg.connect(runtime) as account, pytest.raises(psycopg.errors.InsufficientPrivilege):
        account.execute("create table extra (a int)")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(runtime.replace("huiyin_app:", "huiyin_app:wrong"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in cluster.keys.iterdir()}
    assert len(modes) == 3 and set(modes.values()) == {0o600}
    assert stat.S_IMODE(cluster.keys.stat().st_mode) == 0o700
    pid = cluster.postmaster()
    assert cluster.stop() and not cluster.stop() and gone(pid)


def test_committed_rows_survive_a_kill_and_a_reused_process_number(cluster):
    cluster.relaxed = False
    cluster.start()
    owner, _ = cluster.urls()
    with psycopg.connect(owner) as account:
        account.execute("create table kept as select 1 as a")
    pid = cluster.postmaster()
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    # The number in postmaster.pid now belongs to another living program of the same account.
    other = subprocess.Popen(
        ["sleep", "60"], cwd="/", **(cluster.account.run_as() if cluster.account else {})
    )
    try:
        note = cluster.pgdata / "postmaster.pid"
        note.write_text(note.read_text().replace(str(pid), str(other.pid), 1))
        assert not cluster.is_running()
        assert cluster.start()
    finally:
        other.kill()
        other.wait()
    with psycopg.connect(owner) as account:
        assert account.execute("select a from kept").fetchone() == (1,)


def test_a_data_folder_of_another_major_version_is_refused_unharmed(cluster):
    cluster.start()
    cluster.stop()
    version = cluster.pgdata / "PG_VERSION"
    version.write_text("15\n")
    with pytest.raises(Trouble, match="PostgreSQL 15") as trouble:
        cluster.start()
    assert "没有改动" in str(trouble.value) and version.read_text() == "15\n"


def test_the_socket_of_a_deep_data_folder_moves_to_a_short_place(cluster):
    deep = cluster.data.joinpath(*["很深的文件夹"] * 5)
    deep.mkdir(parents=True)
    other = Cluster(deep, relaxed=True)
    try:
        other.start()
        assert len(os.fsencode(other.socket_folder())) < 60
        assert stat.S_IMODE(other.socket_folder().stat().st_mode) == 0o700
        with psycopg.connect(other.urls()[1]) as account:
            assert account.execute("select 1").fetchone() == (1,)
    finally:
        other.stop()
        other.socket_folder().rmdir()


def test_a_socket_folder_of_somebody_else_is_refused(cluster):
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder that belongs to somebody else")
    folder = cluster.home
    folder.mkdir(parents=True)
    os.chown(folder, 12345, 12345)
    with pytest.raises(Trouble, match="另一个账户"):
        cluster.start()


def test_passing_users_leave_the_database_as_they_found_it(cluster):
    first, second = Instance(cluster.data, relaxed=True), Instance(cluster.data, relaxed=True)
    with first.database():
        with second.database():
            assert cluster.is_running()
        assert cluster.is_running()
    assert not cluster.is_running()
    first.keep_database()
    with second.database():
        pass
    assert cluster.is_running()
    first.release_database()
    assert not cluster.is_running()


def test_no_network_port_is_opened(cluster):
    cluster.start()
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    listening = {line.split()[9] for line in lines if line.split()[3] == "0A"}
    links = [os.readlink(link) for link in Path(f"/proc/{cluster.postmaster()}/fd").iterdir()]
    own = {link.removeprefix("socket:[").rstrip("]") for link in links if link.startswith("socket:")}
    assert own
    assert not listening & own

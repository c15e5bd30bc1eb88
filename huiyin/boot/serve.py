"""bin/run: install, start the database, migrate, load the world, serve web and jobs until stopped."""

import argparse
import contextlib
import ctypes
import fcntl
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from huiyin.boot.install import PYTHON, ensure
from huiyin.boot.instance import Instance, data_folder, django
from huiyin.boot.postgres import ROOT, Trouble

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST_PAUSE = 30
START_LIMIT = 60


class Stop(BaseException):
    """Ctrl-C or SIGTERM came."""


def say(text: str) -> None:
    print(text, flush=True)


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/run", description="安装（首次）并启动回音，Ctrl-C 停止。")
    parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
    parser.add_argument("--host", default="127.0.0.1", help="监听地址，默认只限本机")
    parser.add_argument("--data", metavar="目录", help="数据目录，默认 var/data")
    parser.add_argument(
        "--world", choices=["demo", "none"], help="demo：演示街道（默认）；none：空的，用于正式使用"
    )
    given = parser.parse_args(arguments)
    if not 0 < given.port < 65536:
        raise Trouble(f"端口 {given.port} 不对：请用 1 到 65535 之间的数。")
    return given


def main(arguments: list[str]) -> int:
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    try:
        given = options(arguments)
        return Server(given).run()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    except Stop:
        return 130


def _stop(number, frame):
    raise Stop


def loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def own_addresses() -> list[str]:
    """Names and addresses under which other machines may ask for this one."""
    name = socket.gethostname()
    found = {name}
    with contextlib.suppress(OSError):
        found |= {entry[4][0] for entry in socket.getaddrinfo(name, None, socket.AF_INET)}
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("10.255.255.255", 9))  # sends nothing: only asks which address would be used
        found.add(probe.getsockname()[0])
    return sorted(found)


class Server:
    def __init__(self, given: argparse.Namespace):
        self.host, self.port = given.host.strip("[]"), given.port
        self.data = data_folder(given.data)
        self.local = loopback(self.host)
        self.began = time.monotonic()
        self.children: dict[str, Child] = {}
        self.wanted_world = given.world

    @property
    def address(self) -> str:
        shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{self.port}/"

    # From start to stop

    def run(self) -> int:
        self.data.mkdir(mode=0o711, parents=True, exist_ok=True)
        lock = os.open(self.data / "run.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return self.point_to_first()
        self.world = self.choose_world()
        self.claim_port()
        note = self.data / "run.json"
        try:
            ensure()
            self.instance = Instance(self.data)
            note.write_text(json.dumps({"pid": os.getpid(), "address": self.address}))
            self.prepare()
            self.serve()
        except Stop:
            say("正在停止……")
        finally:
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            self.shut_down()
            note.unlink(missing_ok=True)
            os.close(lock)
        return 0

    def point_to_first(self) -> int:
        """Another bin/run holds this data folder: say where it is."""
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            try:
                first = json.loads((self.data / "run.json").read_text())
            except (OSError, ValueError):
                first = {}
            if first and answers(first["address"]):
                say(f"已经在运行（进程 {first['pid']}）：{first['address']}")
                return 0
            time.sleep(0.5)
        raise Trouble(f"另一个 bin/run 正占用数据目录 {self.data}，但一分钟内没有应答。请看它的输出。")

    def choose_world(self) -> str:
        """The world is chosen once per data folder: demo people must not get into a real register."""
        note = self.data / "world"
        kept = note.read_text().strip() if note.exists() else None
        if kept and self.wanted_world and kept != self.wanted_world:
            raise Trouble(
                f"数据目录 {self.data} 当初是用 --world {kept} 建立的，不能改成 {self.wanted_world}。\n"
                "请用 --data 另选一个目录。"
            )
        world = kept or self.wanted_world or "demo"
        note.write_text(world + "\n")
        return world

    def claim_port(self) -> None:
        """Fails early and clearly when the port cannot be had."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except PermissionError:
                raise Trouble(
                    f"当前账户不能使用端口 {self.port}。请换一个 1024 以上的：--port 8000"
                ) from None
            except OSError as error:
                if error.errno == 98:
                    raise Trouble(
                        f"端口 {self.port} 已被另一个程序占用。请换一个：bin/run --port {self.port % 65535 + 1}"
                    ) from None
                raise Trouble(
                    f"不能在 {self.host}:{self.port} 上监听：{error.strerror}。请检查 --host。"
                ) from None

    def environment(self) -> dict[str, str]:
        values = self.instance.environment()
        for name in ("HUIYIN_DEBUG", "HUIYIN_SWITCHER"):
            values.pop(name, None)
        values["HUIYIN_WORLD"] = self.world
        if self.world == "demo" and self.local:
            values["HUIYIN_SWITCHER"] = "1"
        if not self.local and "HUIYIN_HOSTS" not in values:
            everywhere = self.host in {"0.0.0.0", "::"}
            values["HUIYIN_HOSTS"] = ",".join(own_addresses() if everywhere else [self.host])
        return values

    def prepare(self) -> None:
        cluster = self.instance.cluster
        if cluster:
            self.instance.keep_database()
            if cluster.moved:
                say(f"数据库账户进不了 {self.data}，数据库文件放在 {cluster.home}。")
        say("正在准备数据库……")
        self.step(django("setup"), self.instance.environment("owner"), "数据库没有准备好")

    def step(self, command: list[str], environment: dict[str, str], failure: str) -> None:
        child = Child(command, environment)
        self.children["step"] = child
        if child.wait():
            raise Trouble(f"{failure}，原因见上面的输出。")
        del self.children["step"]

    def serve(self) -> None:
        environment = self.environment()
        self.children["web"] = Child(self.web_command(), environment, name="网页服务")
        if self.world == "demo":  # while the web processes start up
            say("正在载入演示街道……")
            self.step(django("load_world"), environment, "演示街道没有载入")
        if self.world == "none":
            self.step(django("open_house", "--address", self.address), environment, "开办没有准备好")
        self.await_first_page()
        self.children["jobs"] = Child(
            django("procrastinate", "worker", "--concurrency", "2"), environment, name="后台任务"
        )
        say(f"\n回音已就绪：{self.address}   （{time.monotonic() - self.began:.1f} 秒，Ctrl-C 停止）")
        self.tell()
        if self.world == "demo":
            self.children["year"] = Child(
                django("load_world", "--story-year"), environment, name="演示数据", once=True
            )
        while True:
            time.sleep(0.5)
            self.look_after()

    def tell(self) -> None:
        sign_ins = self.data / "demo-sign-ins.txt"
        if self.world == "demo" and sign_ins.exists():
            say(f"演示账户和口令：{sign_ins}")
        opening = self.data / "first-administrator.txt"  # gone as soon as there is one
        if self.world == "none" and opening.exists():
            say(f"这套系统还没有开办。{opening.read_text().strip()}\n（也写在 {opening}）")
        if not self.local:
            say(
                "注意：现在不只本机能访问；演示换岗已关闭。正式使用请放在 HTTPS 代理之后，见 docs/production.md。"
            )
            if self.host in {"0.0.0.0", "::"}:
                say("其他机器可用：" + "  ".join(f"http://{name}:{self.port}/" for name in own_addresses()))

    def web_command(self) -> list[str]:
        bind = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        workers = int(os.environ.get("HUIYIN_WEB_WORKERS") or min(4, os.cpu_count() or 1))
        return [
            str(PYTHON), "-m", "gunicorn", "huiyin.config.wsgi", "--bind", bind, "--preload",
            "--worker-class", "gthread", "--workers", str(workers), "--threads", "8", "--timeout", "60",
            "--graceful-timeout", "15", "--log-level", "warning", "--no-control-socket",
        ]  # fmt: skip

    def await_first_page(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        while not answers(self.address):
            if self.children["web"].ended():
                raise Trouble("网页服务没有启动，原因见上面的输出。")
            if time.monotonic() > deadline:
                raise Trouble(f"网页服务 {START_LIMIT} 秒内没有应答。请看上面的输出。")
            time.sleep(0.1)

    def look_after(self) -> None:
        for name, child in list(self.children.items()):
            if not child.ended():
                continue
            if child.once:
                if child.process.returncode:
                    say(f"{child.name}没有完成（退出码 {child.process.returncode}），下次启动时继续。")
                del self.children[name]
            else:
                child.revive()
        cluster = self.instance.cluster
        if cluster and not cluster.is_running():
            say("数据库意外停止，正在重新启动……")
            try:
                cluster.start()
                say("数据库已恢复。")
            except Trouble as trouble:
                say(str(trouble))
                time.sleep(5)

    def shut_down(self) -> None:
        for child in self.children.values():
            child.terminate()
        deadline = time.monotonic() + 25
        for child in self.children.values():
            child.finish(deadline)
        if hasattr(self, "instance"):
            self.instance.release_database()
            say("已停止。")


def answers(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}healthz", timeout=5) as reply:
            return reply.status == 200
    except (OSError, ValueError, urllib.error.HTTPError):
        return False


def _die_with_parent() -> None:
    """In the child: end when bin/run is gone, even if it was killed outright."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)


class Child:
    """One process of ours in a session of its own, so that Ctrl-C reaches it through us, in order."""

    def __init__(
        self, command: list[str], environment: dict[str, str], *, name: str = "", once: bool = False
    ):
        self.command, self.environment, self.name, self.once = command, environment, name, once
        self.pause, self.again_at = 1, None
        self.launch()

    def launch(self) -> None:
        self.since, self.again_at = time.monotonic(), None
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=_die_with_parent,
        )  # fmt: skip

    def wait(self) -> int:
        return self.process.wait()

    def ended(self) -> bool:
        return self.process.poll() is not None

    def revive(self) -> None:
        """Start it again, sooner after a first end than after many."""
        now = time.monotonic()
        if self.again_at is None:
            self.pause = 1 if now - self.since > 60 else min(self.pause * 2, LONGEST_PAUSE)
            self.again_at = now + self.pause
            say(f"{self.name}意外停止（退出码 {self.process.returncode}），{self.pause} 秒后重新启动。")
        elif now >= self.again_at:
            self.launch()

    def terminate(self) -> None:
        if not self.ended():
            self.process.terminate()

    def finish(self, deadline: float) -> None:
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

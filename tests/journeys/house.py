"""A whole house as a user starts it: bin/run with the demo world, real processes, the runtime account."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_", "HUIYIN_", "DJANGO_")
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class House:
    """`with House(data) as house:` – runs until the block ends. `house.address` is its first page."""

    def __init__(self, data: Path, *, world: str = "demo"):
        self.data, self.world = Path(data), world
        self.output = ""

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        environment["HUIYIN_WEBHOOK_PRIVATE"] = "1"  # messages go to a hook on this machine
        self.log = open(self.data.with_suffix(".log"), "w+")  # noqa: SIM115 – closed with the house
        command = [
            sys.executable,
            str(ROOT / "bin" / "run"),
            "--data",
            str(self.data),
            "--port",
            str(self.port),
            "--world",
            self.world,
        ]
        self.process = subprocess.Popen(
            command, env=environment, stdout=self.log, stderr=subprocess.STDOUT, text=True
        )
        # The first page answers before the people of the demo world have their passwords; a session begun in
        # between would end with the password that it knew.
        self.wait_for(lambda: "回音已就绪" in self.said() and self.answers(), 240, "没有等到第一页")
        return self

    def __exit__(self, *problem):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()

    def answers(self) -> bool:
        try:
            with OPENER.open(f"{self.address}/healthz", timeout=5) as reply:
                return reply.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def said(self) -> str:
        """Everything bin/run has printed so far."""
        return self.data.with_suffix(".log").read_text()

    def await_year(self):
        """Until the stories of the demo year have been played to today."""
        self.wait_for(lambda: "演示数据全部就绪" in self.said(), 600, "演示的一年没有演完")

    def wait_for(self, check, seconds: float, trouble: str):
        until = time.monotonic() + seconds
        while not check():
            if time.monotonic() > until or self.process.poll() is not None:
                raise AssertionError(f"{trouble}：\n{self.said()[-3000:]}")
            time.sleep(0.2)

    def command(self, *words: str) -> str:
        """bin/huiyin WORDS on this house; its standard output."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        command = [sys.executable, str(ROOT / "bin" / "huiyin"), *words, "--data", str(self.data)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

"""bin/huiyin: management commands with the right environment, and the embedded database by hand."""

import shlex
import signal
import subprocess
import sys

from huiyin.boot.install import ensure
from huiyin.boot.instance import Instance, data_folder, django
from huiyin.boot.postgres import Trouble

USAGE = """用法：bin/huiyin 命令 [参数…] [--data 目录]
  bin/huiyin db start|stop|status|env   内置数据库：启动、停止、状态、给 shell 用的环境变量
  bin/huiyin help                       全部管理命令
  bin/huiyin 命令 --help                某个命令的说明"""
# These write tables or schema that the runtime account may not touch.
AS_OWNER = {"migrate", "makemigrations", "setup", "sqlmigrate", "showmigrations", "dbshell", "flush"}


def take_option(arguments: list[str], name: str) -> str | None:
    """Remove `name VALUE` or `name=VALUE` and return the value."""
    for at, word in enumerate(arguments):
        if word == "--":
            return None
        if word.startswith(f"{name}="):
            return arguments.pop(at).split("=", 1)[1]
        if word == name:
            if at + 1 == len(arguments):
                raise Trouble(f"{name} 后面缺少内容。")
            arguments.pop(at)
            return arguments.pop(at)
    return None


def database(words: list[str], instance: Instance) -> int:
    if instance.cluster is None:
        raise Trouble("已设置 DATABASE_URL，用的是外部数据库，没有内置数据库可管。")
    match words:
        case ["start"]:
            instance.keep_database()
            print(f"数据库在运行：{instance.cluster.pgdata}")
        case ["stop"]:
            instance.release_database()
            print("数据库已停止。")
        case ["status"]:
            print("在运行" if instance.cluster.is_running() else "没有运行")
            return 0 if instance.cluster.is_running() else 3
        case ["env"]:
            instance.keep_database()
            for name, value in instance.exports().items():
                print(f"export {name}={shlex.quote(value)}")
        case _:
            raise Trouble("用法：bin/huiyin db start|stop|status|env [--data 目录]")
    return 0


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the database is stopped then too
    try:
        instance_folder = data_folder(take_option(arguments, "--data"))
        if not arguments or arguments[0] in {"-h", "--help"}:
            print(USAGE)
            return 0 if arguments else 2
        instance = Instance(instance_folder)
        ensure()
        if arguments[0] == "db":
            return database(arguments[1:], instance)
        account = "owner" if arguments[0] in AS_OWNER else "runtime"
        with instance.database():
            return subprocess.call(django(*arguments), env=instance.environment(account))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130

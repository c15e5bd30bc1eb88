"""Demo sign-ins: random passwords for one user of each kind of post, written to DATA/demo-sign-ins.txt."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from huiyin.accounts.models import User
from huiyin.base.ids import ALPHABET

FILE = "demo-sign-ins.txt"
# A password costs a tenth of a second to store; the others are reached through the switcher.
WITH_PASSWORD = [
    "lu.qingyuan", "shao.wenpu", "ji.haitang", "wen.shixin", "chen.shouli", "wen.xiaoman", "wu.zhengming",
    "jiang.cheng", "lan.ruoxi", "zheng.kaiming", "lin.qihang", "lv.yiming", "ruan.cheng", "yi.mingyuan", "bao.shuyi",
]  # fmt: skip
HEAD = """鹤汀街道（演示）的登录账号。人名、地名、电话都是虚构的。
密码为本机随机生成，只存在这个文件里；删掉文件不影响登录，忘了请重新建演示数据。
没有列出密码的演示人员不能用密码登录，请用页面上的“换岗位”（只在本机演示时有）。
"""


def write_sign_ins(office) -> Path | None:
    """Give the listed users fresh passwords and write the file; None when they have passwords already."""
    users = {
        user.username: user
        for user in User.objects.filter(office=office).prefetch_related("posts__organisation")
    }
    chosen = [users[name] for name in WITH_PASSWORD if not users[name].has_usable_password()]
    if not chosen:
        return None
    passwords = {}
    for user in chosen:
        passwords[user.username] = "-".join(
            "".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3)
        )
        user.set_password(passwords[user.username])
    User.objects.bulk_update(chosen, ["password"])
    lines = (
        [HEAD] + [line(user, passwords[user.username]) for user in chosen] + ["", "用“换岗位”进入的人员："]
    )
    lines += [line(user, "") for user in users.values() if user.username not in passwords]
    path = Path(settings.DATA) / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write("\n".join(lines) + "\n")
    return path


def line(user, password: str) -> str:
    posts = "；".join(f"{post.organisation} {post.title}" for post in user.posts.all())
    return f"{user.username:<18}{password:<18}{user.name}　{posts}".rstrip()

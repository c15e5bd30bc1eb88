"""What the rule `documents` must look like, so that a broken one can never be activated."""

import re
from collections.abc import Iterator

import yaml

from huiyin.base.refusal import Refusal
from huiyin.documents.models import DocumentKind
from huiyin.rulebook import registry, shapes
from huiyin.rulebook.reading import Problem
from huiyin.rules.models import SEEDS, RuleSet, rule_set

PLACEHOLDER = re.compile(r"\{(\w+)\}")
# What the office's wording may put in braces.
WORDS = frozenset(
    [
        "registered_on",
        "channel",
        "title",
        "number",
        "accepted_on",
        "due_on",
        "unit",
        "phone",
        "hours",
        "address",
        "office",
        "short_name",
        "code",
    ]
)
TAKEN = ("督", "责")  # series of supervision notices and responsibility letters


def shipped() -> dict:
    return yaml.safe_load((SEEDS / "documents.yaml").read_text())["content"]


def check(content, office) -> Iterator[Problem]:
    """The shape of the shipped one; words in braces that there are; a series of its own for each kind."""
    lacking = [name for name in shipped() if not isinstance((content or {}).get(name), dict)]
    found = [Problem(f"少了 {name}", (name,)) for name in lacking] or list(
        shapes.like(shipped()).check(content)
    )
    if found:
        yield from found
        return
    kinds, seen = content["kinds"], {}
    sample = shipped()["kinds"]
    if "other" not in content["labels"]:
        yield Problem("少了 other：不是信访的事项按什么", ("labels",))
    for kind, label in DocumentKind.choices:
        if kind not in kinds or kind not in content["labels"]:
            yield Problem(f"少了“{label}”（{kind}）", ("kinds", kind))
            continue
        row = kinds[kind]
        for key in sample[kind]:
            if key not in row and key != "needs_approval":
                yield Problem(f"“{label}”少了 {key}", ("kinds", kind))
        if row["layout"] not in content["layouts"]:
            yield Problem(f"没有 {row['layout']} 这种版式", ("kinds", kind, "layout"))
        series = row.get("series", "")
        if series in seen or series in TAKEN:
            yield Problem(f"发文代字“{series}”已经有别的文书在用，会和它混着编号", ("kinds", kind, "series"))
        elif series:
            seen[series] = kind
        yield from _braces(row, ("kinds", kind))


def in_force(office) -> RuleSet:
    """The office's wording in force. Raises Refusal 409 that says what is wrong and who mends it."""
    row = rule_set(RuleSet.objects.current("documents", office).pk)
    if "wrong" not in row.__dict__:  # as long-lived as the version itself
        found = check(_completed(row.content), office)
        row.__dict__["wrong"] = [problem.message for problem in found if not problem.is_warning]
    wrong = row.__dict__["wrong"]
    if wrong:
        more = f"等 {len(wrong)} 处" if len(wrong) > 3 else ""
        raise Refusal(
            f"现在出不了文书：正在用的规则“文书”第 {row.version} 版不合用：{'；'.join(wrong[:3])}{more}。"
            "请系统管理员到“设置 › 规则 › 文书”下载这一版，改好后上传、启用。已经出的文书不受影响。"
        )
    return row


def _completed(content: dict) -> dict:
    """With the kinds that are younger than this version as shipped: these do not make an old wording wrong."""
    given = {name: content[name] for name in ("kinds", "labels") if isinstance(content.get(name), dict)}
    return {**content, **{name: {**shipped()[name], **rows} for name, rows in given.items()}}


def _braces(value, path) -> Iterator[Problem]:
    if isinstance(value, str):
        for word in PLACEHOLDER.findall(value):
            if word not in WORDS:
                yield Problem(f"花括号里的“{word}”不认识，只能写：{'、'.join(sorted(WORDS))}", path)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _braces(item, (*path, number))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _braces(item, (*path, key))


def register():
    registry.register(
        "documents",
        "文书",
        check=check,
        about="每种文书的发文代字、正文的话、依据、要不要领导签发；已经出的文书不变",
        help="kinds 下每种文书：series 发文代字，正文的话一句一行，花括号里的词由系统填；needs_approval: true 要领导签发",
        labels={
            "kinds": "文书", "series": "发文代字", "layout": "版式", "petition": "信访事项的开头", "other": "其他事项的开头",
            "then": "接着的话", "closing": "结尾", "opening": "开头", "contact": "联系方式", "rights": "复查的权利",
            "routes": "法定途径", "requirement": "要求", "notes": "说明", "outcomes": "结果", "labels": "依据",
            "layouts": "版式", "needs_approval": "领导签发",
        },
        order=44,
    )  # fmt: skip

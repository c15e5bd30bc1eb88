"""A version as a YAML file that an office can edit: header in words, then name, day, source and content."""

from huiyin.rulebook import registry
from huiyin.rules import plain_yaml
from huiyin.rules.models import SEEDS, RuleSet


def as_yaml(row: RuleSet) -> str:
    """The version as text. One that was shipped, or written here, keeps the comments it was written with."""
    return header(row) + (_written(row) or _plain(row))


def header(row: RuleSet) -> str:
    found = registry.entry(row.name)
    whose = row.office.short_name if row.office_id else "出厂"
    rows = [
        f"{found.title}（{row.name}）：{whose}第 {row.version} 版，{row.valid_from} 起生效",
        f"来源：{row.source}",
        "改好以后在“设置 › 规则”里上传：先检查、看差异，要试算的试算，再启用。启用前什么都不会变。",
        *found.help.strip().splitlines(),
    ]
    text = "\n".join(rows)
    return "".join(f"# {line}".rstrip() + "\n" for line in text.split("\n")) + "\n"


def _envelope(row: RuleSet) -> dict:
    return {
        "name": row.name,
        "version": row.version,
        "valid_from": row.valid_from.isoformat(),
        "source": row.source,
    }


def _plain(row: RuleSet) -> str:
    return plain_yaml.write({**_envelope(row), "content": row.content})


def _written(row: RuleSet) -> str:
    """The text with its comments, if it still says what the version says; its head as it was activated."""
    if row.office_id:
        draft = row.drafts.first()
        text = draft.text if draft else ""
    else:
        path = SEEDS / f"{row.name}.yaml"
        text = path.read_text() if path.is_file() else ""
    mark = text.find("\ncontent:")
    body = text[mark + 1 :]
    if mark < 0 or plain_yaml.read(body) != {"content": row.content}:
        return ""
    head = text[:mark].split("\n")
    own = [line for line in head if line.startswith("#")] if not row.office_id else []
    return "".join(f"{line}\n" for line in own) + plain_yaml.write(_envelope(row)) + body

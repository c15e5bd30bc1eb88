"""What is told to a person must be fit for a person: said, long enough, free of office words."""

from huiyin.base.refusal import Refusal
from huiyin.rules.models import RuleSet


def told_or_refuse(text: str, office, *, letter: bool = False) -> str:
    """`text` trimmed, or a Refusal that names the office words in it and what to say instead."""
    text = text.strip()
    rules = RuleSet.objects.current("wording", office).content
    least = rules["least_characters"]["letter" if letter else "note"]
    if len(text) < least:
        raise Refusal(
            f"给居民的话太短，至少写 {least} 个字：做了什么、结果怎样。", status=400, errors={"text": "太短"}
        )
    found = {word: plain for word, plain in rules["say_instead"].items() if word in text}
    if found:
        hints = "、".join(f"“{word}”换成“{plain}”" for word, plain in found.items())
        raise Refusal(f"给居民的话里有内部用语：{hints}。", status=400, errors={"text": f"请改：{hints}"})
    return text


def shorten(text: str, most: int = 28) -> str:
    """The first sentence of what was said, as a title."""
    first = text.strip().split("\n")[0]
    for stop in "。！？；":
        first = first.split(stop)[0]
    return first if len(first) <= most else first[: most - 1] + "…"

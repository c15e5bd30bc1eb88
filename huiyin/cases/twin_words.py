"""What two tellings have in common: words as things (synonyms), pairs of characters, and how rare each is here."""

import re
from functools import lru_cache
from math import log, sqrt

from huiyin.cases.models import Case, WordCount
from huiyin.rules import clock
from huiyin.rules.models import RuleSet, rule_set

COUNTED = 5000  # newest matters that the counts are taken from
KEPT_WORDS = 20_000
THING = "#"  # a word of the synonym groups, once said in any of its forms
SORT_OF = "@"  # a middle category that the words point to
_RUNS = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_STOP = frozenset("的了吗呢啊吧么是在有和就都也很还把被给让到上下里说请我你他它们这那个一不没")
_DIGITS = {char: str(number) for number, char in enumerate("零一二三四五六七八九")}
_HOUSE = re.compile(r"([\u3400-\u9fff]{2,8}?)(?:小区|宿舍区)?(\d+)(?:幢|栋|号楼|号院|座)")
_NUMBER = re.compile(r"([\u3400-\u9fff]{2,8}?)(\d+)号(?!楼)")
_TENS = re.compile(r"[零一二三四五六七八九十]{1,3}(?=幢|栋|号|座|单元|楼)")


class Lexicon:
    """Words to be found in a text, the longest first at each place: `scan` costs a look-up a character."""

    def __init__(self, words: dict[str, tuple]):
        self.by_first: dict[str, list[tuple[str, tuple]]] = {}
        for word in sorted(words, key=len, reverse=True):
            self.by_first.setdefault(word[0], []).append((word, words[word]))

    def scan(self, text: str):
        """(start, end, meaning) of the words that stand in `text`, none inside another."""
        at = 0
        while at < len(text):
            hit = next((row for row in self.by_first.get(text[at], ()) if text.startswith(row[0], at)), None)
            if hit:
                yield at, at + len(hit[0]), hit[1]
            at += len(hit[0]) if hit else 1


@lru_cache(maxsize=16)
def synonyms(rules_id) -> Lexicon:
    """Every form → the first word of its group."""
    groups = rule_set(rules_id).content["groups"]
    return Lexicon({form: (group[0],) for group in groups for form in group})


@lru_cache(maxsize=16)
def sorts(rules_id) -> Lexicon:
    """What residents call things, as the categories tell: name or usual word → the middle codes it stands under."""
    found: dict[str, set] = {}
    for row in rule_set(rules_id).content["categories"]:
        if len(row["code"]) == 6:
            for word in (row["name"], *map(str, row.get("words", []))):
                if len(word) > 1:
                    found.setdefault(word, set()).add(SORT_OF + row["code"][:4])
    return Lexicon({word: tuple(sorted(codes)) for word, codes in found.items() if len(codes) < 3})


def features(office, text: str) -> dict[str, float]:
    """word → its own weight before rarity: things 2, sorts and pairs of characters 1; bare function words are left out."""
    rules = RuleSet.objects
    return _features(rules.current("synonyms", office).pk, rules.current("categories", office).pk, text)


@lru_cache(maxsize=4096)
def _features(synonyms_id, categories_id, text: str) -> dict[str, float]:
    text = plain(text)
    found: dict[str, float] = {}
    for _, _, codes in sorts(categories_id).scan(text):
        found.update(dict.fromkeys(codes, 1.0))
    parts, last = [], 0
    for start, end, (thing,) in synonyms(synonyms_id).scan(text):
        found[THING + thing] = 2.0
        parts += [text[last:start], thing]
        last = end
    for run in _RUNS.findall("".join([*parts, text[last:]])):
        if run[0].isascii():
            continue  # numbers are places and dates; the place is compared by itself
        for at in range(len(run) - 1):
            pair = run[at : at + 2]
            if pair[0] not in _STOP and pair[1] not in _STOP:
                found[pair] = 1.0
    return found


def plain(text: str) -> str:
    """Lower case, no spaces, 三号楼 and 十二幢 in figures."""
    return _TENS.sub(lambda hit: _figure(hit.group()), "".join(text.lower().split()))


def _figure(said: str) -> str:
    if "十" not in said:
        return "".join(_DIGITS[char] for char in said)
    tens, _, ones = said.partition("十")
    return (_DIGITS.get(tens, "1")) + (_DIGITS.get(ones, "0"))


def house_of(text: str) -> tuple[str, str]:
    """('槐荫里', '3') of a building, ('北辰路', '88') of a door on a street; the name alone, or ('', '')."""
    text = plain(text)
    hit = _HOUSE.search(text) or _NUMBER.search(text)
    if hit:
        return hit.group(1).removesuffix("小区"), hit.group(2)
    run = re.match(r"[\u3400-\u9fff]{2,8}", text)
    return (run.group() if run else ""), ""


class Rarity:
    """How much a word tells in this office: ln((n + 1) / (df + 1)), between 0.2 and 1 of its largest value."""

    def __init__(self, total: int, counts: dict[str, int]):
        self.total, self.counts = total, counts
        self.most = log(total + 1) or 1.0

    def __call__(self, word: str) -> float:
        if self.total < 20:
            return 1.0  # too few to tell common from rare
        return max(0.2, log((self.total + 1) / (self.counts.get(word, 0) + 1)) / self.most)

    def weigh(self, found: dict[str, float]) -> dict[str, float]:
        return {word: weight * self(word) for word, weight in found.items()}

    def rarest(self, found: dict[str, float], most: int) -> list[str]:
        """Words to look others up by: said here before, where that is known."""
        pairs = [word for word in found if word[0] not in (THING, SORT_OF)]
        if self.total >= 20:
            pairs = [word for word in pairs if word in self.counts]
        return sorted(pairs, key=lambda word: (-self(word), word))[:most]


_kept: dict = {}


def rarity(office) -> Rarity:
    """The counts of the office, read once for each count taken; without any every word weighs the same."""
    at = WordCount.objects.filter(office=office).values_list("counted_at", flat=True).first()
    held = _kept.get(office.pk)
    if held is None or held[0] != at:
        row = WordCount.objects.filter(office=office).first() if at else None
        held = _kept[office.pk] = (at, Rarity(row.total, row.counts) if row else Rarity(0, {}))
    return held[1]


def count_words(office) -> WordCount:
    """Take the counts anew from the newest COUNTED matters; the nightly job."""
    counts: dict[str, int] = {}
    rows = Case.objects.filter(office=office).order_by("-registered_at")[:COUNTED]
    total = 0
    for title, said in rows.values_list("title", "description").iterator(chunk_size=500):
        total += 1
        for word in features(office, f"{title} {said}"):
            counts[word] = counts.get(word, 0) + 1
    kept = dict(sorted(counts.items(), key=lambda item: -item[1])[:KEPT_WORDS])
    values = {"total": total, "counts": kept, "counted_at": clock.now()}
    return WordCount.objects.update_or_create(office=office, defaults=values)[0]


def likeness(one: dict[str, float], other: dict[str, float]) -> float:
    """Cosine of two weighed tellings, 0 to 1."""
    shared = sum(weight * other[word] for word, weight in one.items() if word in other)
    lengths = sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return shared / lengths if lengths else 0.0

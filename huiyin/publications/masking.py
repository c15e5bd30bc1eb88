"""Taking identities out of a text: what is replaced is listed, what a person must look at is pointed out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

KINDS = {
    "name": "姓名",
    "identity": "证件号",
    "phone": "号码",
    "plate": "车牌",
    "email": "邮箱",
    "account": "社交账号",
    "house": "门牌",
}
PERSON, WORKER, BODY = "这位居民", "工作人员", "那家单位"

# Surnames that are seldom part of another word; those of the parties themselves come on top.
_SURNAMES = "欧阳|上官|诸葛|司徒|[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许吕张孔曹严魏陶姜谢邹苏潘葛范彭鲁韦苗俞袁柳唐薛雷贺倪汤罗毕郝邬傅卞康伍余顾孟黄萧尹姚邵汪祁贝臧戴宋庞熊纪屈项祝董梁杜阮蓝闵贾江郭梅林刁钟徐邱骆夏蔡田樊胡凌霍虞卢莫裘缪邓郁洪左崔龚程邢裴陆翁荀惠曲储靳段巫焦谷侯甘厉祖刘詹叶黎薄卓蔺屠蒙乔闻莘翟谭申郦桑桂扈燕冀温庄晏柴瞿阎慕艾戈廖庾耿匡寇聂晁敖辛阚饶曾沙鞠丰蒯荆游竺]"
_CALLED = "女士|先生|小姐|大爷|大妈|大娘|大伯|大叔|大姐|大哥|阿姨|叔叔|奶奶|爷爷|老伯|婆婆|阿婆|阿公"
_CALLED_SOFTLY = "师傅|老师|医生|老人|同志|经理|老板"  # also end other words: 白内障老人
_HEAD = r"(?:(?<![\u4e00-\u9fff])|(?<=[请找是叫和由向对给问让、的]))"
_NUMBER = r"(?:[0-9０-９]{1,4}|[A-Za-z](?=[0-9座幢栋])|[一二三四五六七八九十百零〇○两]{1,5})"
_UNIT = r"(?:号楼|号院|单元|幢|栋|弄|室|房|座|号)"
_PART = rf"(?:{_NUMBER}\s*(?:{_UNIT})(?:之[一二三四五六])?)"
_ROAD = "路街巷弄里坊道村苑园庄城湾桥埠区府邸舍楼厦寓院"
_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

_HOUSE = re.compile(
    rf"(?<![月第])(?<![0-9]){_PART}(?:[\s-]*{_PART})*(?:[\s-]*[0-9]{{3,4}}(?![0-9年月日号]))?"
)
_SHORT_HOUSE = re.compile(r"(?<![\d-])\d{1,3}-\d{1,2}-\d{3,4}(?![\d-])")
_PLATE = re.compile(rf"[{_PLATES}]\s?[A-Z]\s?[·•.]?\s?[A-HJ-NP-Z0-9]{{5,6}}(?![A-Za-z0-9])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ACCOUNT = re.compile(
    r"(?:微信|QQ|qq|抖音|快手|支付宝)(?:号|账号)?\s*[:：是]?\s*[A-Za-z0-9][A-Za-z0-9_-]{4,}"
)
_DIGITS = re.compile(r"(?<![0-9A-Za-z])\+?\d(?:[ \-－—]?\d){6,18}[Xx]?(?![0-9A-Za-z])")
_DATE = re.compile(r"^(?:19|20)\d\d[-－—]\d{1,2}[-－—]\d{1,2}$")
_SHOP = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9]{1,6}(?:烧烤|排档|饭店|酒楼|餐馆|面馆|茶楼|超市|便利店|理发店|美容店|棋牌室|网吧|公司|工厂|诊所|药店)"
)
_NICKNAME = re.compile(rf"[老小阿](?:{_SURNAMES})(?![年旧区店路巷街苑])|(?:{_SURNAMES})(?:{_CALLED_SOFTLY})")
_FLOOR = re.compile(r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*(?:楼|层|单元|幢|栋)(?:东|西|左|右)?")
_FAMILY = re.compile(r"(?:我|他|她)(?:爱人|老伴|老公|老婆|丈夫|妻子|儿子|女儿|孙子|孙女)")


@dataclass(frozen=True)
class Piece:
    """One stretch of the text as it was written: `text[start:end]`, replaced by `put`."""

    kind: str
    start: int
    end: int
    text: str
    put: str = ""

    @property
    def label(self) -> str:
        return KINDS.get(self.kind, self.kind)


@dataclass
class Masked:
    """`text` without identities; `pieces` what was taken out of `source`, in their order."""

    source: str
    text: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def parts(self) -> list[tuple[str, Piece | None]]:
        """The source cut into stretches: (text, piece or None), for marking."""
        return cut(self.source, self.pieces)


@dataclass(frozen=True)
class Known:
    """Who is behind a matter. `keep`: public numbers (digits only) that may stay."""

    persons: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    keep: frozenset = frozenset()


def mask(text: str, known: Known = Known()) -> Masked:  # noqa: B008 – frozen
    """The text with identities replaced. Masking the outcome again changes nothing."""
    pieces = _disjoint(list(_found(text, known)))
    out, at = [], 0
    for piece in pieces:
        out += [text[at : piece.start], piece.put]
        at = piece.end
    out.append(text[at:])
    return Masked(text, _smooth("".join(out)), pieces)


def doubts(text: str) -> list[Piece]:
    """What may still tell who it is and only a person can judge: shops, nicknames, floors, family."""
    found = [
        Piece(kind, hit.start(), hit.end(), hit.group())
        for kind, pattern in (
            ("店名、单位", _SHOP),
            ("称呼", _NICKNAME),
            ("楼栋、楼层", _FLOOR),
            ("家人", _FAMILY),
        )
        for hit in pattern.finditer(text)
    ]
    return _disjoint(found)


def cut(text: str, pieces: Iterable[Piece]) -> list[tuple[str, Piece | None]]:
    parts, at = [], 0
    for piece in pieces:
        if piece.start > at:
            parts.append((text[at : piece.start], None))
        parts.append((text[piece.start : piece.end], piece))
        at = piece.end
    if at < len(text):
        parts.append((text[at:], None))
    return parts


def _found(text, known):
    for names, put in ((known.persons, PERSON), (known.bodies, BODY), (known.staff, WORKER)):
        for name in sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True):
            for hit in re.finditer(re.escape(name) + rf"(?:{_CALLED}|{_CALLED_SOFTLY})?", text):
                yield Piece("name", hit.start(), hit.end(), hit.group(), put)
    for pattern in _called(tuple(sorted({name[:1] for name in known.persons if name}))):
        for hit in pattern.finditer(text):
            yield Piece("name", hit.start(), hit.end(), hit.group(), PERSON)
    for kind, pattern, put in (
        ("plate", _PLATE, "某车"),
        ("email", _EMAIL, "某邮箱"),
        ("account", _ACCOUNT, "某账号"),
        ("house", _SHORT_HOUSE, "某户"),
    ):
        for hit in pattern.finditer(text):
            yield Piece(kind, hit.start(), hit.end(), hit.group(), put)
    yield from _numbers(text, known.keep)
    yield from _houses(text)


@lru_cache(maxsize=512)
def _called(own: tuple[str, ...]) -> list[re.Pattern]:
    """蓝女士, 王建国师傅: a surname, perhaps a given name, and how one calls somebody."""
    surname = f"(?:{'|'.join([*own, _SURNAMES])})"
    return [
        re.compile(rf"{surname}某{{0,2}}(?:{_CALLED})"),
        re.compile(rf"{_HEAD}{surname}[\u4e00-\u9fff]{{0,2}}?(?:{_CALLED}|{_CALLED_SOFTLY})"),
    ]


def _numbers(text, keep):
    for hit in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", hit.group())
        if digits in keep or _DATE.match(hit.group()):
            continue
        kind = "identity" if len(digits) >= 15 else "phone"
        yield Piece(kind, hit.start(), hit.end(), hit.group(), "某证件号" if kind == "identity" else "某号码")


def _houses(text):
    for hit in _HOUSE.finditer(text):
        chain = hit.group()
        start = hit.start()
        parts = re.findall(_PART, chain)
        first = re.search(_UNIT, chain).group()
        before = text[start - 1 : start]
        is_chinese = bool(re.match("[一二三四五六七八九十百零〇○两]", chain))
        strong = len(parts) > 1 or before in tuple(_ROAD)
        if (
            first == "号"
            and len(parts) == 1
            and before not in tuple(_ROAD)
            and "门牌" not in text[max(0, start - 3) : start]
        ):
            continue
        if first in ("座", "房") and not strong and is_chinese:
            continue
        if is_chinese and not strong and (len(chain) - len(first) < 2 or first == "号"):
            continue
        yield Piece("house", start, hit.end(), chain, f"某{first}")


def _disjoint(pieces: list[Piece]) -> list[Piece]:
    """Without overlaps: the longer stretch counts, then the earlier one."""
    chosen: list[Piece] = []
    for piece in sorted(pieces, key=lambda row: (row.start - row.end, row.start)):
        if all(piece.end <= other.start or piece.start >= other.end for other in chosen):
            chosen.append(piece)
    return sorted(chosen, key=lambda row: row.start)


def _smooth(text: str) -> str:
    """No '这位居民您好' at the head of a letter, no number twice over."""
    text = re.sub(rf"(?m)^\s*{PERSON}[，,：:、]?\s*(?=您好)", "", text)
    text = re.sub(rf"{PERSON}(?:[、和]{PERSON})+", "几位居民", text)
    return re.sub(r"某号码(?:[、，,/和]\s*某号码)+", "某号码", text)

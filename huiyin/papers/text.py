"""Text as it may stand on paper: no control characters, nothing that turns the reading direction."""

import math
import re
import unicodedata

# Controls, surrogates, non-characters, zero-width and direction-turning characters, variation selectors.
_GONE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0100-\U000e01ef]"
)
_LONG = re.compile(r"[!-~\u00a1-\u024f]{25,}")
MISSING = "〓"  # the geta mark: a character for which there was no type
BREAK = "\u200b"


def clean(text: str) -> str:
    """`text` in one normal form, without what cannot be printed; a tab becomes a wide space."""
    text = unicodedata.normalize("NFC", str(text)).replace("\r\n", "\n").replace("\r", "\n")
    return _GONE.sub("", text).replace("\t", "\u3000")


def masked(text: str, identity: str) -> str:
    """What a copy without identity shows in place of a name, number or address."""
    if not identity or not text:
        return text
    if identity == "name":
        return f"{text[:1]}*"
    if identity == "phone":
        return f"{text[:3]}****{text[-4:]}" if len(text) >= 11 else "****"
    return "（略）"


def breakable(text: str) -> str:
    """Chances to break inside words longer than any line has room for."""
    return _LONG.sub(lambda hit: BREAK.join(hit[0]), text)


NUMERALS = "零一二三四五六七八九十"


def chinese_numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 25 → 二十五; up to 99."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return NUMERALS[number]
    return ("" if tens == 1 else NUMERALS[tens]) + "十" + (NUMERALS[ones] if ones else "")


def heading_label(level: int, count: int) -> str:
    """'一、' '（一）' '1.' '（1）' – the four levels of GB/T 9704."""
    word = chinese_numeral(count)
    return {1: f"{word}、", 2: f"（{word}）", 3: f"{count}.", 4: f"（{count}）"}[level]


GOOD_BREAK = 9.0
CLOSING = "，。、；：！？）》”’】的"
OPENING = "（《“‘【"
# Words of the trade that a title should not tear apart.
_COMMON = (
    "街道|办事处|社区|网格|居民|小区|楼道|楼下|楼上|路灯|井盖|电梯|物业|车位|停车|充电|消防|通道|占道|经营|施工|噪声|噪音|扰民|"
    "油烟|异味|垃圾|污水|下水|管道|堵塞|漏水|积水|排水|违建|搭建|夜间|松动|破损|维修|改造|安装|拆除|绿化|树木|道路|路面|坑洼|"
    "公厕|菜场|市场|摊点|学校|幼儿园|医院|养老|低保|救助|补贴|社保|拖欠|工资|房屋|征收|补偿|安置|邻里|纠纷|调解|反映|问题|情况|"
    "信访|事项|受理|不予|处理|意见书|告知书|答复书|通知书|通知|转办单|督办单|登记表|反馈|报告|关于|进行|要求|申请|解决|影响|休息"
)
_WHOLE = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9.\-/]*[号幢栋室楼年月日件户]?|〔[^〕]*〕|《[^》]{1,12}》|" + _COMMON
)


def pieces(title: str) -> list[str]:
    """The title in pieces that stay whole, each with its closing marks."""
    found, at = [], 0
    while at < len(title):
        hit = _WHOLE.match(title, at)
        piece = hit[0] if hit else title[at]
        at += len(piece)
        if found and (piece[0] in CLOSING or found[-1][-1] in OPENING):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def width_of(text: str) -> float:
    """Width in characters; half-width ones count half."""
    return sum(1 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def balanced(title: str, most: float) -> list[str]:
    """The title in as few lines as fit into `most` characters, of nearly equal length, words kept whole."""
    lines: list[str] = []
    for part in title.split("\n"):
        lines += _balanced(pieces(part), most)
    return lines


def _balanced(parts: list[str], most: float) -> list[str]:
    """Least squares over all breaks: best[i] = (lines, unevenness, from where) for the first i pieces."""
    if not parts:
        return [""]
    widths = [0.0]
    for part in parts:
        widths.append(widths[-1] + width_of(part))
    wished = widths[-1] / max(1, math.ceil(widths[-1] / most))
    best: list[tuple] = [(0, 0.0, 0)]
    for end in range(1, len(parts) + 1):
        ways = []
        for start in range(end):
            width = widths[end] - widths[start]
            if width <= most or end - start == 1:
                lines, uneven, _ = best[start]
                uneven += (width - wished) ** 2
                if start and parts[start - 1][-1] in "，、；：":
                    uneven -= GOOD_BREAK  # a break at a pause may cost some evenness
                ways.append((lines + 1, uneven, start))
        best.append(min(ways))
    found, end = [], len(parts)
    while end:
        start = best[end][2]
        found.append("".join(parts[start:end]))
        end = start
    return found[::-1]

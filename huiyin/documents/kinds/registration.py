"""来访登记表 (also for calls and letters): who came, what was said and wanted, what became of it, signed."""

from huiyin.documents.facts import Facts, day, hour
from huiyin.documents.kinds.base import Door, Kind, Subject, label_cell
from huiyin.papers.blocks import FORM_A4, Cell, Grid, Number, Paper, Paragraph, Row, Span, Title

TITLES = {"visit": "来访登记表", "call": "来电登记表", "letter": "来信登记表"}


def door(facts: Facts) -> Door:
    if facts.case.channel not in TITLES or facts.case.state == "void":
        return Door(is_apt=False)
    return Door((Subject(),))


def build(facts: Facts, subject, extra: dict, number: str, day_: str, printed: str) -> Paper:
    case, words = facts.case, facts.words("registration")
    title = TITLES[case.channel]
    party = facts.parties[0] if facts.parties else None
    registered = facts.event("register", this_round=False)
    decision = facts.event("accept", "decline", "refer", "merge")
    taken = case.received_by or case.registered_by
    facts.need(taken, "接待人", "", "登记时没有接待人")
    rows = [
        Row((label_cell("登记编号"), Cell(case.number), label_cell("登记时间"), Cell(hour(case.registered_at)))),
        Row((label_cell("姓　　名"), Cell(_of(party, "name", "未留姓名")), label_cell("联系电话"), Cell(_of(party, "phone")))),
        Row((label_cell("证件号码"), Cell(_of(party, "id_number")), label_cell("人　　数"), Cell(f"{case.group_size}人"))),
        Row((label_cell("住　　址"), Cell(_of(party, "address"), across=3))),
    ]  # fmt: skip
    if len(facts.parties) > 1:
        others: list = []
        for other in facts.parties[1:]:
            others += ["、", Span(other.name, identity="name")]
        rows.append(Row((label_cell("其他代表"), Cell(tuple(others[1:]), across=3))))
    rows += [
        Row((label_cell("种　　类"), Cell(facts.kind_name), label_cell("分　　类"), Cell(facts.category))),
        Row((label_cell("地　　点"), Cell(facts.place, across=3))),
        Row((label_cell("反映情况"), Cell(case.description, across=3)), 46),
        Row((label_cell("请　　求"), Cell(case.wants or "未另外提出", across=3)), 16),
        Row((label_cell("答复方式"), Cell(case.get_reply_by_display()), label_cell("接待人"), Cell(_staff(taken, registered)))),
        Row((label_cell("处理意见"), Cell(_decision(decision), across=3, foot=(_signed(decision),))), 26),
        Row((label_cell("承办单位"), Cell(facts.lead.organisation.name if facts.lead else ""), label_cell("办结期限"), Cell(_due(facts)))),
        Row((label_cell("本人核对"), Cell("以上内容与我说的一致。", across=3, foot=("签字：", Span(blank=7), "　　年　月　日"))), 20),
    ]  # fmt: skip
    return Paper(
        f"{title}（{case.number}）",
        (
            Title(title, gap_after=0),
            Number(number, "right"),
            Grid((26, 52, 26, 52), tuple(rows)),
            *[Paragraph(note, size_pt=10.5) for note in words["notes"]],
        ),
        page=FORM_A4,
        author=facts.office.centre_name,
        day=day_,
    )


def _of(party, name: str, empty: str = "") -> Span:
    value = getattr(party, name, "") if party else ""
    return Span(value, identity=name) if value else Span(empty)


def _staff(user, event) -> str:
    title = event.by_title if event and event.by_id == getattr(user, "pk", None) else ""
    return f"{user.name}（{title}）" if user and title else getattr(user, "name", "")


def _decision(event) -> str:
    if event is None:
        return "待定"
    names = {"accept": "予以受理。", "decline": "不予受理。", "refer": "转送", "merge": "并入"}
    if event.verb == "refer":
        return f"转送{event.data.get('to', '')}。"
    if event.verb == "merge":
        return f"并入{event.data.get('into', '')}，一起办、一起答复。"
    return names[event.verb] + (event.data.get("reason", "") if event.verb == "decline" else "")


def _signed(event) -> str:
    if event is None:
        return ""
    who = event.by.name if event.by else event.by_title
    return f"{who}　{day(event.at)}"


def _due(facts: Facts) -> str:
    due = facts.due("close")
    return f"{day(due)}前" if due else ""


KIND = Kind("registration", "登记表", door, build, purpose="本人核对后归档")

"""A mistaken entry is corrected or struck out, never erased."""

from huiyin.base.refusal import Refusal
from huiyin.cases import categories, search
from huiyin.cases.moving import move

AMENDABLE = {
    "title": "事由",
    "description": "说了什么",
    "wants": "要什么",
    "category": "分类",
    "area": "网格",
    "place": "在哪里",
    "group_size": "人数",
    "reply_by": "怎么告诉本人",
    "channel": "渠道",
}


class Correcting:
    def amend(self, *, by, reason: str, **fields):
        """Correct what was registered; the history keeps the old wording beside the new."""
        unknown = set(fields) - set(AMENDABLE)
        if unknown:
            raise Refusal(f"这些内容不能更正：{'、'.join(sorted(unknown))}。", status=400)
        with move(self, "amend", by) as step:
            changes = {}
            for name, value in fields.items():
                old = getattr(self, name)
                if value in (None, "") or value == old:
                    continue
                if name == "category":
                    value = categories.known(self.office, value)
                changes[name] = {"name": AMENDABLE[name], "old": str(old), "new": str(value)}
                setattr(self, name, value)
            if not changes:
                raise Refusal("没有改动，不用更正。", status=400)
            search.index(self)
            step.say(reason.strip(), changes=changes)

    def fill_in(self, *, by, reason: str = ""):
        """Put down or put right particulars of the kind; they come with `do(…, particulars=…)`."""
        with move(self, "fill_in", by) as step:
            held = self.particulars
            if not any(held.get(code) != value for code, value in step.particulars.items()):
                raise Refusal("没有改动，不用补填。", status=400)
            step.data["was"] = {code: held[code] for code in step.particulars if code in held}
            step.say(reason.strip())

    def void_entry(self, *, by, entry, reason: str):
        """Strike out one record: it stays readable, says who struck it out and why, and proves nothing any more."""
        with move(self, "void_entry", by) as step:
            if entry.case_id != self.pk or entry.verb not in STRIKEABLE:
                raise Refusal("这条经过是状态变动，不能划去；可以用后面的步骤来纠正。", status=400)
            if entry.voided_by.exists():
                raise Refusal("这条记录已经划去了。")
            if entry.by_id != by.pk and step.role not in MAY_STRIKE_ALL:
                raise Refusal("只能划去自己写的记录。", status=403)
            step.voids = entry
            step.say(reason.strip(), seq=entry.seq)


STRIKEABLE = frozenset({"record", "contact", "tell", "attach", "check_progress", "escalate"})
MAY_STRIKE_ALL = frozenset({"clerk", "deputy", "director", "supervisor", "duty_leader"})

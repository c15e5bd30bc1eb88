"""The words of a matter's life: states, channels, kinds of record. Used by models and workflow alike."""

from django.db import models


class State(models.TextChoices):
    RECEIVED = "received", "待受理"
    ACCEPTED = "accepted", "待派单"
    DISPATCHED = "dispatched", "待签收"
    IN_HAND = "in_hand", "办理中"
    REPORTED = "reported", "待核实"
    VERIFIED = "verified", "待答复"
    ANSWERED = "answered", "待办结"
    CLOSED = "closed", "已办结"
    NOT_ACCEPTED = "not_accepted", "不予受理"
    REFERRED = "referred", "已转送"
    WITHDRAWN = "withdrawn", "已撤回"
    MERGED = "merged", "已并入"
    VOID = "void", "已作废"


OPEN = frozenset(
    {
        State.RECEIVED,
        State.ACCEPTED,
        State.DISPATCHED,
        State.IN_HAND,
        State.REPORTED,
        State.VERIFIED,
        State.ANSWERED,
    }
)
ENDED = frozenset(State) - OPEN
HANDLING = frozenset({State.DISPATCHED, State.IN_HAND})


class AssignmentState(models.TextChoices):
    SENT = "sent", "待签收"
    ACCEPTED = "accepted", "办理中"
    RETURNED = "returned", "已退回"
    REPORTED = "reported", "已报结"
    SIGNED_OFF = "signed_off", "已验收"
    RELEASED = "released", "已解除"


OWED = frozenset({AssignmentState.SENT, AssignmentState.ACCEPTED})


class Part(models.TextChoices):
    LEAD = "lead", "主办"
    CO = "co", "协办"


class Channel(models.TextChoices):
    """How a matter came in."""

    VISIT = "visit", "来访"
    CALL = "call", "来电"
    LETTER = "letter", "来信"
    WEB = "web", "网上"
    HOTLINE = "hotline", "热线转来"
    PATROL = "patrol", "巡查"
    DIRECTIVE = "directive", "交办"
    OUTREACH = "outreach", "走访"


class Reply(models.TextChoices):
    """How the person wants to be told."""

    PHONE = "phone", "打电话"
    SMS = "sms", "发短信"
    EMAIL = "email", "发邮件"
    VISIT = "visit", "当面说"
    LETTER = "letter", "寄信"
    WEB = "web", "自己上网查"


class Act(models.TextChoices):
    """What was done, for the records in a matter's history."""

    NOTE = "note", "内部备注"
    TALK = "talk", "谈话劝导"
    SITE_CHECK = "site_check", "现场核查"
    MEDIATION = "mediation", "调解"
    JOINT_ACTION = "joint_action", "联合行动"
    INSTRUCTION = "instruction", "请示批示"
    OPINION = "opinion", "整改意见"
    REFUSED = "refused", "对方拒绝"
    COMMITMENT = "commitment", "书面承诺"
    RECTIFIED = "rectified", "整改完成"
    WORK = "work", "现场处理"


HANDLING_ACTS = frozenset(Act) - {Act.NOTE, Act.INSTRUCTION}


class Contacted(models.TextChoices):
    YES = "yes", "有"
    NO = "no", "没有"


class Solved(models.TextChoices):
    YES = "yes", "解决了"
    PARTLY = "partly", "还差一点"
    NO = "no", "没解决"


class Satisfied(models.TextChoices):
    YES = "yes", "满意"
    FAIR = "fair", "还可以"
    NO = "no", "不满意"

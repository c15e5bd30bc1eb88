"""What a dispute must have before it goes on: somebody tried to reconcile, no level is left open, promises are kept."""

from huiyin.cases import record
from huiyin.cases.states import Act
from huiyin.mediation import agreeing
from huiyin.mediation.models import Agreement, Mediation, MediationOutcome, MediationSession
from huiyin.rules import clock


def untried(case) -> str:
    """Reported as done only after a sitting, or a talk that was written down as mediation."""
    talked = any(
        row.verb == "record" and row.act == Act.MEDIATION and row.round == case.round
        for row in record.rows(case, "events")
    )
    if talked or MediationSession.objects.filter(mediation__case=case).exists():
        return ""
    return "还没有调解过：开一级调解记一次笔录，或者“记一笔”写下调解经过"


def running(case) -> str:
    """A level that is open says how it ended before the matter is closed."""
    if not record.has(case, Mediation):
        return ""
    row = case.mediations.filter(outcome=MediationOutcome.OPEN).first()
    return f"{row} 还在调解，先写结果" if row else ""


def broken(case) -> str:
    """A promise that is past its day: kept, or a new agreement, before the matter is closed."""
    if not record.has(case, Mediation):
        return ""
    today = clock.today()
    for agreement in Agreement.objects.filter(case=case).prefetch_related("obligations__fulfilments"):
        for row in agreement.obligations.all():
            if agreeing.standing_of(row, today) == "late":
                return f"{agreement.number} 约定 {row.due_on} 前的“{row.text[:20]}”还没有履行：记下履行，或者告知可以申请强制执行、另行起诉后再写一份协议"
    return ""

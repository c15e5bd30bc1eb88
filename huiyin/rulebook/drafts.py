"""The way of a rule: written, checked, tried on the past, activated – or dropped. Each step by one person, audited."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max, Q

from huiyin.accounts.models import Office
from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.rulebook import reading, registry
from huiyin.rulebook.models import RuleDraft, RuleTrial, digest_of
from huiyin.rules import clock
from huiyin.rules.models import RuleSet, forget

LATEST = timedelta(days=400)
MOST_WAITING = 20


def examine(name: str, text: str, office) -> tuple[reading.Sheet, list[reading.Problem]]:
    """(the sheet, all its problems and warnings with line and column). Raises Unreadable when it is no rule."""
    sheet = reading.read(text, name)
    found = [sheet.locate(problem) for problem in registry.problems(name, sheet.content, office)]
    found.sort(key=lambda problem: (problem.is_warning, problem.line, problem.column))
    return sheet, found


def save(office, name: str, text: str, *, by, draft: RuleDraft | None = None) -> RuleDraft:
    """Keep a checked text as a draft, or as the new text of `draft`. Raises Unreadable with what to mend."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    sheet, problems = examine(name, text, office)
    if any(not problem.is_warning for problem in problems):
        raise reading.Unreadable(*problems)
    with transaction.atomic():
        if draft is None:
            same = RuleDraft.objects.waiting().filter(office=office, name=name, text=text).first()
            if same is not None:
                return same
            if RuleDraft.objects.waiting().filter(office=office, name=name).count() >= MOST_WAITING:
                raise Refusal(f"这套规则已有 {MOST_WAITING} 份草稿，请先放弃用不着的。")
            draft = RuleDraft(office=office, name=name, created_at=clock.now(), created_by=by)
        else:
            draft = _held(draft)
        draft.text, draft.content, draft.digest = text, sheet.content, digest_of(sheet.content)
        draft.valid_from, draft.source = sheet.valid_from, sheet.source
        draft.changed_at, draft.changed_by = clock.now(), by
        draft.save()
    return draft


def _held(draft: RuleDraft) -> RuleDraft:
    """The draft under a lock, still waiting."""
    fresh = RuleDraft.objects.select_for_update(of=("self",)).select_related("rule_set").get(pk=draft.pk)
    if fresh.activated_at:
        raise Refusal(
            f"这份草稿已经启用，成了第 {fresh.rule_set.version} 版，不能再改。要改请从它另起一份草稿。"
        )
    if fresh.dropped_at:
        raise Refusal("这份草稿已经放弃，不能再用。请另起一份。")
    return fresh


def try_out(draft: RuleDraft, many: int, *, by) -> RuleTrial:
    """Run the draft over the last `many` past matters and keep what came out."""
    trial = registry.entry(draft.name).trial
    if trial is None:
        raise Refusal("这套规则不用试算，可以直接启用。", status=400)
    if many not in trial.sizes:
        raise Refusal(f"试算件数可选：{'、'.join(map(str, trial.sizes))}。", status=400)
    draft.refresh_from_db()
    if not draft.is_waiting:
        raise Refusal("这份草稿已经不在等待，不用再试算。")
    active = registry.active_of(draft.name, draft.office)
    result = trial.run(draft.content, active.content if active else None, draft.office, by=by, many=many)
    return RuleTrial.objects.create(
        office_id=draft.office_id, draft=draft, digest=draft.digest, against=active,
        at=clock.now(), by=by, many=many, result=result,
    )  # fmt: skip


def valid_trial(draft: RuleDraft, active: RuleSet | None) -> RuleTrial | None:
    """The latest trial of exactly this content beside exactly the version in force."""
    rows = RuleTrial.objects.filter(draft=draft, digest=draft.digest, against=active)
    return rows.order_by("-at").first()


@transaction.atomic
def activate(draft: RuleDraft, *, by, valid_from: date, source: str, against, address: str = "") -> RuleSet:
    """Make the draft a version that holds from a day. `against`: id of the version whose difference was read.

    Of two at once one wins: the office's row is locked, and the other finds another version in force.
    """
    Office.objects.select_for_update(no_key=True).get(pk=draft.office_id)
    draft = _held(draft)
    forget()
    active = registry.active_of(draft.name, draft.office)
    if str(against or "") != str(active.pk if active else ""):
        raise Refusal(
            f"您看差异之后，“{title(draft.name)}”又启用了第 {active.version if active else 0} 版。"
            "请重新看一遍差异（要试算的再试一遍），再启用。"
        )
    errors = {}
    today = clock.today()
    if not today <= valid_from <= today + LATEST:
        errors["valid_from"] = "生效日要在今天到一年之内；过去的事不能改规则"
    if len(source.strip()) < 4:
        errors["source"] = "写明依据：文件、会议或谁定的"
    if errors:
        raise Refusal("；".join(errors.values()) + "。", status=400, errors=errors)
    if active is not None and digest_of(active.content) == draft.digest:
        raise Refusal("和现行的一版一模一样，不用启用。")
    wrong = [row for row in registry.problems(draft.name, draft.content, draft.office) if not row.is_warning]
    if wrong:
        raise Refusal(
            "草稿写好以后情况变了，现在有几处不对，改好再启用。", missing=[row.message for row in wrong[:10]]
        )
    if registry.entry(draft.name).trial and valid_trial(draft, active) is None:
        raise Refusal("还没有拿这份内容和现行的一版试算过，先试算、看过结果再启用。")
    return _enter(draft, active, by, valid_from, source.strip(), address)


def _enter(draft, active, by, valid_from, source, address) -> RuleSet:
    last = RuleSet.objects.filter(Q(office=draft.office) | Q(office=None), name=draft.name)
    version = (last.aggregate(last=Max("version"))["last"] or 0) + 1
    fresh = RuleSet.objects.create(
        office=draft.office, name=draft.name, version=version, valid_from=valid_from, source=source,
        content=draft.content, activated_at=clock.now(),
    )  # fmt: skip
    draft.rule_set, draft.activated_at, draft.activated_by = fresh, fresh.activated_at, by
    draft.valid_from, draft.source = valid_from, source
    draft.save()
    record(
        "启用规则",
        f"{title(draft.name)} 第{version}版",
        by=by,
        office=draft.office,
        address=address,
        name=draft.name,
        version=version,
        valid_from=valid_from.isoformat(),
        source=source,
        instead_of=active.version if active else None,
        digest=draft.digest,
    )
    forget()
    transaction.on_commit(forget)
    return fresh


@transaction.atomic
def drop(draft: RuleDraft, *, by, address: str = ""):
    """Give the draft up; its text stays readable."""
    draft = _held(draft)
    draft.dropped_at = clock.now()
    draft.save(update_fields=["dropped_at"])
    record(
        "放弃规则草稿", title(draft.name), by=by, office=draft.office, address=address, draft=str(draft.pk)
    )


def title(name: str) -> str:
    return registry.entry(name).title

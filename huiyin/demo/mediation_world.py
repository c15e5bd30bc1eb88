"""Disputes of the invented subdistrict on their way through the levels, a broken credit society with its ledger,
and rounds of screening – through the rooms' own verbs and functions."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from huiyin.areas.models import Area
from huiyin.cases.intake import Person, Words, register
from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.demo.files import read
from huiyin.demo.inputs import phone_of
from huiyin.mediation import agreeing, credit, mediating, screening
from huiyin.mediation.models import Screening
from huiyin.rules import clock
from huiyin.rules.clock import TZ

TOLD = "两边的事我们都听听，先请到一起坐下来谈，定下哪天谈马上告诉您。"


def load_mediation(office):
    """The disputes, the society and the rounds that are not there yet."""
    book, cast = read("mediation.yaml"), Cast(office, None)
    for row in book["disputes"]:
        _Dispute(office, row, cast).play()
    _society(office, book["society"], cast)
    for row in book["screenings"]:
        _round(office, row, cast)


def moment(ago: int, hour: str = "09:40"):
    return datetime.combine(clock.today() - timedelta(days=ago), time.fromisoformat(hour), TZ)


class _Dispute:
    """One matter of kind dispute; `at` is the moment of the step that is played."""

    def __init__(self, office, row: dict, cast: Cast):
        self.office, self.row, self.cast = office, row, cast
        self.at, self.now = moment(row["ago"]), clock.now()
        self.key = f"demo:dispute:{row['key']}"

    def play(self):
        """All of it, or as far as today; a dispute that is there already stays as it is."""
        if Case.objects.filter(office=self.office, intake_key=self.key).exists():
            return
        with clock.travel(self.at):
            self.case = taken(self.office, self.row, self.cast, self.key)
            self.mediation = self._open(self.row["level"], self.row["unit"], self.row["mediators"])
        for step in self.row["steps"]:
            self.at += timedelta(days=step["after"])
            if self.at > self.now:
                return
            with clock.travel(self.at):
                self._step(step)
        if "report" in self.row:
            self._end()

    def _open(self, level: int, unit: str, names: list):
        people = [self.cast.user(name) for name in names]
        return mediating.open_mediation(
            fresh(self.case),
            by=self.cast.user(self.row["by"]),
            level=level,
            organisation=self.cast.unit(unit),
            mediators=people,
        )

    def _step(self, step: dict):
        by = self.cast.user(self.row["by"])
        if "sit" in step:
            given = {name: step[name] for name in ("place", "present", "result")}
            mediating.hold(self.mediation, by=by, held_at=self.at, minutes=step["sit"], **given)
        elif "up" in step:
            people = [self.cast.user(name) for name in step["mediators"]]
            self.mediation = mediating.pass_up(
                self.mediation, by=by, organisation=self.cast.unit(step["unit"]), mediators=people, reason=step["up"]
            )  # fmt: skip
        elif "agree" in step:
            self.agreement = self._agree(step, by)
        elif "ask" in step:
            self.agreement = agreeing.ask_confirmation(self.agreement, by=by, on=clock.today())
        elif "confirm" in step:
            self.agreement = agreeing.decide_confirmation(self.agreement, by=by, on=clock.today())
        elif "kept" in step:
            amount = Decimal(step["amount"]) if "amount" in step else None
            agreeing.fulfil(
                self.agreement.obligations.get(), by=by, kind=step.get("kind", "act"), on=clock.today(), paper=step["kept"],
                amount=amount,
            )  # fmt: skip
        else:
            mediating.close(self.mediation, by=by, outcome="failed", text=step["fail"])

    def _agree(self, step: dict, by):
        amount = Decimal(step["amount"]) if "amount" in step else None
        promise = agreeing.Promise(step["promise"], clock.today() + timedelta(days=step["due"]), amount)
        return agreeing.agree(
            fresh(self.case), by=by, form=step["form"], content=step["agree"], agreed_on=clock.today(), promises=[promise],
            mediation=self.mediation,
        )  # fmt: skip

    def _end(self):
        row, desk, unit = self.row, self.cast.user(self.row["by"]), self.cast.unit(self.row["unit"])
        with clock.travel(self.at + timedelta(hours=2)):
            case = fresh(self.case)
            case.report(by=self.cast.handler(unit), subject=case.lead, text=row["report"])
            fresh(case).verify(by=self.cast.user(row["verifier"]), text=row["verify"])
            fresh(case).answer(by=desk, text=row["answer"], reply_by="phone", outcome="solved")
            fresh(case).close(by=desk)


def fresh(case) -> Case:
    return Case.objects.get(pk=case.pk)


def taken(office, row: dict, cast: Cast, key: str) -> Case:
    """Registered, taken on, sent to its unit and taken there."""
    desk, unit, name = cast.user(row["by"]), cast.unit(row["unit"]), row["people"][0]
    words = Words(
        description=row["says"], wants=row["wants"], title=row["title"], kind="dispute", channel="visit",
        category=row["category"], area=cast.grid(row["grid"]), persons=[Person(name, phone_of(name))], reply_by="phone",
        particulars={"quarrel": row.get("quarrel", "debt")},
    )  # fmt: skip
    case = register(office, words, by=desk, key=key)
    case.do("accept", by=desk, particulars={"heat": row.get("heat", "tense")}, text=TOLD)
    fresh(case).dispatch(by=desk, lead=unit, task="听两边说，请到一起谈")
    case = fresh(case)
    case.take(by=cast.handler(unit), subject=case.lead)
    return fresh(case)


def _society(office, row: dict, cast: Cast):
    key = "demo:dispute:society"
    if Case.objects.filter(office=office, intake_key=key).exists():
        return
    at = moment(row["ago"])
    with clock.travel(at):
        case = taken(office, row, cast, key)
        people = [cast.user(name) for name in row["mediators"]]
        by = cast.user(row["by"])
        mediating.open_mediation(case, by=by, level=3, organisation=cast.unit(row["unit"]), mediators=people)
        society = credit.register_society(
            fresh(case), by=by, name=row["name"], rounds=row["rounds"], stake=Decimal(row["stake"]),
            broke_on=clock.today() - timedelta(days=20),
        )  # fmt: skip
        credit.found_group(society, by=by, on=clock.today(), names=row["group"])
        members = [
            credit.join(
                society,
                person={"name": name, "phone": phone_of(name)},
                role="head" if number == 0 else "member",
            )
            for number, name in enumerate(row["members"])
        ]
    with clock.travel(at + timedelta(days=12)):
        claims = [_claim(society, members, line.split("|")) for line in row["claims"]]
        ring = [claims[number - 1] for number in row["net"]["claims"]]
        credit.net(
            society, by=by, claims=ring, amount=Decimal(row["net"]["amount"]), on=clock.today(), paper=row["net"]["paper"]
        )  # fmt: skip
    with clock.travel(at + timedelta(days=30)):
        for line in row["settle"]:
            _settle(society, claims, line.split("|"), by)
        stated = row["stated"]
        credit.state_total(
            society, by=by, name=stated["name"], amount=Decimal(stated["amount"]), on=clock.today(), paper=stated["paper"]
        )  # fmt: skip


def _claim(society, members, parts):
    creditor, debtor, amount, basis, confirmed = parts
    row = credit.claim(
        society, creditor=members[int(creditor) - 1], debtor=members[int(debtor) - 1], amount=Decimal(amount), basis=basis
    )  # fmt: skip
    return credit.confirm(row, on=clock.today(), disputed=confirmed == "disputed")


def _settle(society, claims, parts, by):
    number, kind, promised, given = parts
    claim = claims[int(number) - 1]
    promise = agreeing.Promise(
        f"{claim.debtor} 还 {claim.creditor}", clock.today() + timedelta(days=90), Decimal(promised), claim
    )
    agreement = agreeing.agree(
        fresh(society.case), by=by, form="written", content="清债小组主持，双方认账，按期还清。", agreed_on=clock.today(),
        promises=[promise], society=society,
    )  # fmt: skip
    agreeing.fulfil(
        agreement.obligations.get(),
        by=by,
        kind=kind,
        on=clock.today(),
        paper=f"收条 {number}",
        amount=Decimal(given),
    )


def _round(office, row: dict, cast: Cast):
    area = Area.objects.valid().get(office=office, code=f"{office.code}{row['area']}")
    if Screening.objects.filter(office=office, area=area, name=row["name"]).exists():
        return
    by, start = cast.user("dai.changgeng"), moment(row["ago"])
    with clock.travel(start):
        made = screening.open_round(
            office, by=by, area=area, name=row["name"], from_on=clock.today(),
            until_on=clock.today() + timedelta(days=row["days"]), by_names=row["by"],
        )  # fmt: skip
    with clock.travel(start + timedelta(days=row["days"])):
        for key in row["found"]:
            case = Case.objects.filter(office=office, intake_key=f"demo:dispute:{key}").first()
            if case:
                screening.found(made, case, by=by)
        screening.close_round(made, households=row["households"], note=row["note"])

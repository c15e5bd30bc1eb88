"""重点件档案: one restricted file for each key matter that a conference took up – all entries of the matter over time.

Only persons named in it open it; each opening and each change of its readers is audited.
"""

from dataclasses import dataclass

from django.db import transaction

from huiyin.accounts.models import User
from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.cases import access
from huiyin.cases.models import Case, ConferenceItem, KeyFile
from huiyin.cases.workflow import CENTRE, CHIEF
from huiyin.orgs.models import Post, Role
from huiyin.rules import clock

MAY_BE_NAMED = CENTRE | CHIEF | {Role.SUPERVISOR, Role.UNIT_HEAD}
LEAST = 2
MOST = 200


def open_for(case, *, by, also=()) -> KeyFile:
    """The file of `case`; a new one is read by whoever draws the list, the chair and the heads of the centre."""
    named = [by.pk, *(user.pk for user in also), *access.keepers_of(case.office)]
    file, is_new = KeyFile.objects.get_or_create(
        office_id=case.office_id, case=case,
        defaults={"opened_at": clock.now(), "opened_by": by, "readers": list(dict.fromkeys(named))},
    )  # fmt: skip
    fresh = [user for user in also if user.pk not in file.readers]
    if not is_new and fresh:
        file.readers = [*file.readers, *(user.pk for user in fresh)]
        file.save(update_fields=["readers"])
        _note("档案加知情人", file, by, names=[user.name for user in fresh], why="主持联席会议")
    return file


def of_cases(ids) -> dict:
    """case id → its file."""
    return {row.case_id: row for row in KeyFile.objects.filter(case__in=ids)}


def may_read(case, user) -> bool:
    """Is `user` named in the file of this matter?"""
    return KeyFile.objects.filter(case_id=case.pk, readers__contains=[user.pk]).exists()


def may_write(case, user) -> bool:
    """May `user` write analysis and accountability? Where there is no file, whoever confers."""
    file = KeyFile.objects.filter(case_id=case.pk).first()
    return file is None or user.pk in file.readers


def readers_of(file: KeyFile) -> list[User]:
    return list(User.objects.filter(pk__in=file.readers).order_by("pinyin", "pk"))


def candidates(file: KeyFile):
    """Who may be named besides: holders of posts that lead, check or take in."""
    posts = Post.objects.current().filter(office_id=file.office_id, role__in=MAY_BE_NAMED)
    users = User.objects.filter(pk__in=posts.values("user_id"), is_active=True).exclude(pk__in=file.readers)
    return users.order_by("pinyin", "pk")


@transaction.atomic
def name(file: KeyFile, *, by, user: User):
    """Let somebody read the file. They must be able to read the matter."""
    file = _held(file, by)
    if not Case.objects.visible_to(user).filter(pk=file.case_id).exists():
        raise Refusal(
            f"{user.name}看不到这件事，先让他参与这件事。", status=400, errors={"user": "看不到这件事"}
        )
    if user.pk not in file.readers:
        file.readers = [*file.readers, user.pk]
        file.save(update_fields=["readers"])
        _note("档案加知情人", file, by, names=[user.name])


@transaction.atomic
def remove(file: KeyFile, *, by, user: User):
    """Take somebody off; at least LEAST remain."""
    file = _held(file, by)
    if user.pk not in file.readers:
        return
    if len(file.readers) <= LEAST:
        raise Refusal(f"知情人至少留 {LEAST} 位，不然没有人看得到这份档案。")
    file.readers = [pk for pk in file.readers if pk != user.pk]
    file.save(update_fields=["readers"])
    _note("档案去掉知情人", file, by, names=[user.name])


def _held(file: KeyFile, by) -> KeyFile:
    if not by.roles & CHIEF:
        raise Refusal("知情人由领导来定。", status=403)
    return KeyFile.objects.select_for_update(of=("self",)).select_related("case").get(pk=file.pk)


def _note(action: str, file: KeyFile, by, **detail):
    record(action, f"case:{file.case.number}", by=by, office=file.office, **detail)


@dataclass
class Page:
    """The file as it is read: entries of all conferences, the latest first, with notices and letters beside."""

    file: KeyFile
    entries: list[ConferenceItem]
    notices: list
    letters: list

    @property
    def latest(self) -> ConferenceItem | None:
        return next((row for row in self.entries if row.is_settled), None)


def page_of(file: KeyFile) -> Page:
    rows = ConferenceItem.objects.filter(case_id=file.case_id).select_related("conference__chair", "owner")
    case = file.case
    return Page(
        file,
        list(rows.order_by("-conference__held_on")[:MOST]),
        list(case.notices.select_related("organisation").order_by("-issued_at")[:50]),
        list(case.letters.select_related("organisation").order_by("-issued_at")[:50]),
    )


def list_for(user) -> list[KeyFile]:
    """Files in which `user` is named, those reported on soonest first: each with `last`, its latest settled entry."""
    files = (
        KeyFile.objects.visible_to(user)
        .select_related("case__area")
        .defer("case__words", "case__area__boundary")
    )
    files = list(files.order_by("-opened_at")[:MOST])
    rows = ConferenceItem.objects.filter(case__in=[file.case_id for file in files]).exclude(next_on=None)
    last = {}
    for row in (
        rows.select_related("conference", "owner")
        .defer("analysis", "accountability")
        .order_by("conference__held_on")
    ):
        last[row.case_id] = row
    for file in files:
        file.last = last.get(file.case_id)
        file.is_late = bool(file.last and file.case.is_open and file.last.next_on < clock.today())
    return sorted(files, key=lambda file: (not file.case.is_open, file.last.next_on if file.last else clock.today()))  # fmt: skip

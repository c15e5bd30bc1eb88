"""For everybody: raise a matter, hand in a file, see how it stands, say what one thinks of the answer."""

from django.http import HttpRequest
from ninja import File, Header
from ninja.files import UploadedFile
from ninja.responses import Status

from huiyin.accounts import offices
from huiyin.api import answers as said
from huiyin.api.app import v1
from huiyin.api.bodies import CaseIn, CaseOut, RatingIn, ReopenIn, UploadOut, UrgeIn, WithdrawIn, answers
from huiyin.api.doors import caller, token_or_anyone
from huiyin.api.intake import register_from
from huiyin.base.refusal import Refusal
from huiyin.cases import allowance, tracking
from huiyin.cases.attachments import store

TAGS = ["居民"]
CODE = "/tracking/{code}"


@v1.post(
    "/cases",
    auth=token_or_anyone,
    response=answers(201, CaseOut, 400, 401, 403, 409, 413, 422, 429),
    tags=TAGS,
    operation_id="raise_case",
    summary="反映一件事；带令牌时由该人员登记，可用任何种类和渠道",
)
def raise_case(
    request: HttpRequest,
    body: CaseIn,
    idempotency_key: str = Header("", alias="Idempotency-Key", max_length=200),
):
    """同一个 `Idempotency-Key` 和同样的话再发一次，得到的还是第一次那件事（仍是 201）；话不同则 409。"""
    case = register_from(request, body, caller(request))
    return Status(201, {"number": case.number, "tracking_code": case.tracking_code})


@v1.post(
    "/uploads",
    auth=token_or_anyone,
    response=answers(201, UploadOut, 400, 401, 403, 409, 413, 422, 429),
    tags=TAGS,
    operation_id="upload",
    summary="上传一个文件（照片或 PDF），编号写进事项的 attachments",
)
def upload(request: HttpRequest, file: File[UploadedFile]):
    user = caller(request)
    if user:
        kept = store(file, user.office, by=user)
    else:
        with allowance.counted(request, allowance.UPLOAD):
            kept = store(file, offices.current(request), from_person=True)
    return Status(201, {"id": kept.pk, "name": kept.name, "size": kept.size_bytes})


@v1.get(
    CODE,
    response=answers(200, dict, 404, 422, 429),
    tags=TAGS,
    operation_id="track",
    summary="办到哪一步了、告诉过您什么",
)
def track(request: HttpRequest, code: str):
    return said.tracked(tracking.find_or_refuse(request, code))


@v1.post(
    CODE + "/rating",
    response=answers(201, dict, 400, 404, 409, 413, 422, 429),
    tags=TAGS,
    operation_id="rate",
    summary="评价：联系过吗、解决了吗、满意吗",
)
def rate(request: HttpRequest, code: str, body: RatingIn):
    return Status(201, _do(request, code, "rate", **body.model_dump(mode="json")))


@v1.post(
    CODE + "/urge",
    response=answers(200, dict, 400, 404, 409, 413, 422, 429),
    tags=TAGS,
    operation_id="urge",
    summary="催一催，同一个人隔几天一次",
)
def urge(request: HttpRequest, code: str, body: UrgeIn):
    return Status(200, _do(request, code, "urge", text=body.text))


@v1.post(
    CODE + "/reopen",
    response=answers(200, dict, 400, 404, 409, 413, 422, 429),
    tags=TAGS,
    operation_id="reopen",
    summary="还没办好，重新打开，编号不变",
)
def reopen(request: HttpRequest, code: str, body: ReopenIn):
    if len(body.reason.strip()) < 4:
        raise Refusal("请写一下哪里还没办好，至少 4 个字。", status=400, errors={"reason": "至少 4 个字"})
    return Status(200, _do(request, code, "reopen", reason=body.reason))


@v1.post(
    CODE + "/withdraw",
    response=answers(200, dict, 400, 404, 409, 413, 422, 429),
    tags=TAGS,
    operation_id="withdraw",
    summary="不再要求办了",
)
def withdraw(request: HttpRequest, code: str, body: WithdrawIn):
    return Status(200, _do(request, code, "withdraw", reason=body.reason))


def _do(request: HttpRequest, code: str, verb: str, **words) -> dict:
    """Run one of the person's verbs; the matter as it is then."""
    found = tracking.find_or_refuse(request, code)
    tracking.do(found, verb, **words)
    return said.tracked(tracking.look_up(found.code))

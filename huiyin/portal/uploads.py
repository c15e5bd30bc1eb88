"""Photos that a resident sends: taken in one by one, so that one bad file does not cost the others."""

from huiyin.base.refusal import Refusal
from huiyin.cases import allowance, attachments
from huiyin.portal import office as offices

MOST_PHOTOS = 6


def take_in(request, have: int) -> tuple[list, list[Refusal]]:
    """(stored files, what could not be taken and why) of the form's `photos`; at most six with those there are."""
    kept, problems = [], []
    for upload in request.FILES.getlist("photos"):
        if have + len(kept) >= MOST_PHOTOS:
            words = f"最多 {MOST_PHOTOS} 张，“{upload.name}”没有收。要换就先去掉一张。"
            problems.append(Refusal(words, status=400))
            continue
        try:
            with allowance.counted(request, allowance.UPLOAD):
                kept.append(attachments.store(upload, offices.current(request), from_person=True))
        except Refusal as refusal:
            problems.append(refusal)
    return kept, problems


def change(request, draft) -> list[Refusal]:
    """Take new photos into the draft and drop the one asked for; returns what could not be taken and why."""
    gone, ids = request.POST.get("remove", ""), draft.content.photos
    for photo in draft.photos:
        if str(photo.pk) == gone and photo.case_id is None:
            attachments.discard(photo)
            ids.remove(gone)
    kept, problems = take_in(request, len(ids))
    ids.extend(str(row.pk) for row in kept)
    return problems

"""The part of 今日 for those who staff grids and hang notices."""

from huiyin.grids import access, postings, staffing


def part(user) -> dict | None:
    """{"gaps", "outdated", "never"} for the template grids/parts/today.html; None when all is well."""
    if not access.may_edit(user):
        return None
    gaps, hung = staffing.gaps(user.office_id), postings.summary(user.office_id)
    if not (gaps or hung.outdated or hung.never):
        return None
    return {"gaps": gaps, "outdated": hung.outdated, "never": hung.never}

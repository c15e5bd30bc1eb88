"""Handing out a stored picture or PDF, never as anything a browser would run."""

from urllib.parse import quote

from django.http import FileResponse, Http404

from huiyin.cases.attachments import file_of


def shown(attachment) -> FileResponse:
    """The content of an attachment, for this one viewer only."""
    try:
        content = file_of(attachment).open("rb")
    except FileNotFoundError:
        raise Http404("文件不在了") from None
    response = FileResponse(content, content_type=attachment.content_type)
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(attachment.name)}"
    response["Cache-Control"] = "private, max-age=600"
    response["X-Content-Type-Options"] = "nosniff"
    return response

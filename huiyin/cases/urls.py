"""Addresses of the desk, below /desk/. Each module of views keeps its own list."""

from huiyin.cases.views import (
    conference,
    files,
    inbox,
    intake,
    letters,
    lists,
    matter,
    moves,
    performance,
    today,
)

urlpatterns = [
    *today.urlpatterns,
    *intake.urlpatterns,
    *lists.urlpatterns,
    *inbox.urlpatterns,
    *files.urlpatterns,
    *conference.urlpatterns,
    *letters.urlpatterns,
    *performance.urlpatterns,
    *matter.urlpatterns,
    *moves.urlpatterns,
]

"""Addresses of the desk, below /desk/. Each module of views keeps its own list."""

from huiyin.cases.views import (
    conference,
    directions,
    files,
    inbox,
    intake,
    key_files,
    letters,
    lists,
    matter,
    moves,
    performance,
    receipt,
    senders,
    today,
)

urlpatterns = [
    *today.urlpatterns,
    *intake.urlpatterns,
    *receipt.urlpatterns,
    *directions.urlpatterns,
    *lists.urlpatterns,
    *inbox.urlpatterns,
    *files.urlpatterns,
    *conference.urlpatterns,
    *key_files.urlpatterns,
    *letters.urlpatterns,
    *performance.urlpatterns,
    *senders.urlpatterns,
    *matter.urlpatterns,
    *moves.urlpatterns,
]

"""Addresses of this room, below /desk/."""

from huiyin.publications.views import answers, deciding, notes

urlpatterns = [*answers.urlpatterns, *notes.urlpatterns, *deciding.urlpatterns]

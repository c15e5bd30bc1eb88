"""Addresses of this room, below /desk/."""

from huiyin.publications.views import answers, notes

urlpatterns = [*answers.urlpatterns, *notes.urlpatterns]

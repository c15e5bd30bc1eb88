"""Addresses of this room, below /desk/."""

from huiyin.documents.views import drafts, issued

urlpatterns = [*drafts.urlpatterns, *issued.urlpatterns]

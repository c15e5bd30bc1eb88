"""Addresses of this room, below /desk/."""

from huiyin.rulebook import draft_views, views

urlpatterns = [*views.urlpatterns, *draft_views.urlpatterns]

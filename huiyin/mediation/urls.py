"""Addresses of this room, below /desk/."""

urlpatterns = []

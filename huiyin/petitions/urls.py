"""Petitions by law: purpose, objections, opinions, review and re-review; suggestions adopted or not. Addresses of this room, below /desk/."""

urlpatterns: list = []

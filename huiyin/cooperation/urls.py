"""Cooperation between units and offices: split, linked and joined matters, whistles, joint handling, champions. Addresses of this room, below /desk/."""

urlpatterns: list = []

"""Incidents step by step: who was told when, facts, statements, relief, summary. Addresses of this room, below /desk/."""

urlpatterns: list = []

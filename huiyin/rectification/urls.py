"""Plans of measures for hazards and orders from above, acceptance, look-backs, work plans. Addresses of this room, below /desk/."""

urlpatterns: list = []

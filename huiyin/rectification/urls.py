"""Addresses of this room, below /desk/: plans and measures, hazards, screenings, look-backs, work plans, duties."""

from huiyin.rectification.views import duties, hazards, look_backs, plans, screenings, specifics, work

urlpatterns = [
    *plans.urlpatterns,
    *specifics.urlpatterns,
    *hazards.urlpatterns,
    *screenings.urlpatterns,
    *look_backs.urlpatterns,
    *work.urlpatterns,
    *duties.urlpatterns,
]

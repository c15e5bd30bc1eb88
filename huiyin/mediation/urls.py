"""Addresses of this room, below /desk/."""

from huiyin.mediation.views import agreements, register, screenings, societies

urlpatterns = [
    *register.urlpatterns,
    *agreements.urlpatterns,
    *societies.urlpatterns,
    *screenings.urlpatterns,
]

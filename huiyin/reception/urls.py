"""Addresses of the reception room, below /desk/. Each module of views keeps its own list."""

from huiyin.reception.views import (
    consulting,
    contacts,
    directives,
    hall,
    hotline,
    outreach,
    persons,
    rota,
    services,
    sheet,
    thanks,
    tipoffs,
    windows,
)

urlpatterns = [
    *sheet.urlpatterns,
    *rota.urlpatterns,
    *hotline.urlpatterns,
    *windows.urlpatterns,
    *hall.urlpatterns,
    *directives.urlpatterns,
    *outreach.urlpatterns,
    *contacts.urlpatterns,
    *tipoffs.urlpatterns,
    *consulting.urlpatterns,
    *thanks.urlpatterns,
    *services.urlpatterns,
    *persons.urlpatterns,
]

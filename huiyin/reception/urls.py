"""Addresses of the reception room, below /desk/. Each module of views keeps its own list."""

from huiyin.reception.views import (
    catalogue,
    consulting,
    contacts,
    directives,
    hall,
    hotline,
    outreach,
    persons,
    rota,
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
    *catalogue.urlpatterns,
    *persons.urlpatterns,
]

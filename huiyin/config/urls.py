"""All addresses of the house. Each room brings its own list."""

from django.urls import include, path

urlpatterns = [
    path("", include("huiyin.portal.urls")),
    path("api/", include("huiyin.api.urls")),
    path("desk/", include("huiyin.cases.urls")),
    path("desk/", include("huiyin.orgs.urls")),
    path("desk/", include("huiyin.areas.urls")),
    path("desk/", include("huiyin.grids.urls")),
    path("desk/", include("huiyin.rulebook.urls")),
    path("desk/", include("huiyin.documents.urls")),
    path("desk/", include("huiyin.mediation.urls")),
    path("desk/", include("huiyin.cooperation.urls")),
    path("desk/", include("huiyin.upstream.urls")),
    path("desk/", include("huiyin.petitions.urls")),
    path("desk/", include("huiyin.rectification.urls")),
    path("desk/", include("huiyin.inspections.urls")),
    path("desk/", include("huiyin.incidents.urls")),
    path("desk/", include("huiyin.reception.urls")),
    path("desk/", include("huiyin.publications.urls")),
    path("desk/", include("huiyin.opening.urls")),
    path("", include("huiyin.reception.public_urls")),
    path("", include("huiyin.entry.urls")),
    path("", include("huiyin.opening.welcome_urls")),
    path("demo/", include("huiyin.demo.urls")),
    path("", include("huiyin.shell.urls")),
]

"""City problems by class, night rounds and same-night rectification, the census of problems. Addresses of this room, below /desk/."""

from huiyin.inspections.views import census, figures, home, nights, points, problems, spot

urlpatterns = [
    *home.urlpatterns,
    *spot.urlpatterns,
    *points.urlpatterns,
    *nights.urlpatterns,
    *census.urlpatterns,
    *problems.urlpatterns,
    *figures.urlpatterns,
]

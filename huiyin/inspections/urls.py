"""City problems by class, night rounds and same-night rectification, the census of problems. Addresses of this room, below /desk/."""

from huiyin.inspections.views import home

urlpatterns = [*home.urlpatterns]

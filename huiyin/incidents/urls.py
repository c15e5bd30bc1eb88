"""Addresses of this room, below /desk/."""

from huiyin.incidents.views import incidents

urlpatterns = [*incidents.urlpatterns]

"""Addresses of this room, below /desk/."""

from huiyin.cooperation.views import pages

urlpatterns = [*pages.urlpatterns]

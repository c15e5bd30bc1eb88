"""Orders of the upstream hotline: their numbers and limits, return window, reply files, call-backs. Addresses of this room, below /desk/."""

from huiyin.upstream.views import calls, files, notices, orders

urlpatterns = [*orders.urlpatterns, *files.urlpatterns, *calls.urlpatterns, *notices.urlpatterns]

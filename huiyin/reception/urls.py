"""Addresses of the reception room, below /desk/. Each module of views keeps its own list."""

from huiyin.reception.views import rota, sheet

urlpatterns = [*sheet.urlpatterns, *rota.urlpatterns]

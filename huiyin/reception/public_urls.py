"""The one address of this room that residents open: their own ticket."""

from huiyin.reception.views.hall import public_patterns

urlpatterns = public_patterns

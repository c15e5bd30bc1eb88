"""Addresses below /desk/."""

urlpatterns = []

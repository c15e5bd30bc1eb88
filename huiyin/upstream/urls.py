"""Orders of the upstream hotline: their numbers and limits, return window, reply files, call-backs. Addresses of this room, below /desk/."""

urlpatterns: list = []

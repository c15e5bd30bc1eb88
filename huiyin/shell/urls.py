"""Addresses of the frame itself."""

from django.urls import path

from huiyin.shell import views
from huiyin.shell.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("theme/", views.choose_theme, name="theme"),
    path("size/", views.choose_size, name="size"),
    path("desk/settings/", views.settings_page, name="desk_settings"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/residents/", views.styleguide_residents, name="styleguide_residents"),
]

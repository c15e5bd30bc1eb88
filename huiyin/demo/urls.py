"""Addresses of the demo world's own pages, below /demo/. They answer 404 anywhere else."""

from django.urls import path

from huiyin.demo import views

urlpatterns = [
    path("", views.posts, name="demo_posts"),
    path("switch/<uuid:user>/", views.switch, name="demo_switch"),
]

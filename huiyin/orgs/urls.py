"""Addresses below /desk/."""

from django.urls import path

from huiyin.orgs import body_views, post_views, views

urlpatterns = [
    path("network/", views.network_page, name="desk_network"),
    path("network/<str:code>/", views.organisation_page, name="desk_org"),
    path("posts/new/", post_views.post_form, name="desk_post_form"),
    path("posts/create/", post_views.post_create, name="desk_post_create"),
    path("posts/<uuid:pk>/", post_views.post_page, name="desk_post"),
    path("posts/<uuid:pk>/end/", post_views.post_end, name="desk_post_end"),
    path("posts/<uuid:pk>/absence/", post_views.post_absence, name="desk_post_absence"),
    path("posts/<uuid:pk>/substitute/", post_views.post_substitute, name="desk_post_substitute"),
    *body_views.urlpatterns,
]

"""Addresses below /desk/."""

from django.urls import path

from huiyin.areas import profile_views, views

urlpatterns = [
    path("areas/", views.area_tree, name="desk_areas"),
    path("areas/<str:code>/", views.area_page, name="desk_area"),
    path("areas/<str:code>/rename/", views.area_rename, name="desk_area_rename"),
    path("areas/<str:code>/close/", views.area_close, name="desk_area_close"),
    path("areas/<str:code>/renew/", views.area_renew, name="desk_area_renew"),
    path("areas/<str:code>/profile/", profile_views.profile_page, name="desk_area_profile"),
    path("areas/<str:code>/profile/add/", profile_views.profile_add, name="desk_area_profile_add"),
    path(
        "areas/<str:code>/profile/<uuid:pk>/withdraw/",
        profile_views.profile_withdraw,
        name="desk_area_fact_withdraw",
    ),
]

"""Addresses of the entrance."""

from django.urls import path

from huiyin.entry import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/no-post/", views.no_post, name="no_post"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.password, name="password"),
]

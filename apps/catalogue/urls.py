"""Web routes."""

from django.urls import path

from apps.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("katalog/", views.catalogue, name="list"),
    path("katalog/<code>/", views.application, name="detail"),
]

"""Web routes."""

from django.urls import path

from apps.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("pengelolaan/webhook/", views.subscriptions, name="list"),
    path("pengelolaan/webhook/buat/", views.subscribe, name="subscribe"),
    path("pengelolaan/webhook/<slug:code>/", views.subscription, name="detail"),
    path("pengelolaan/webhook/<slug:code>/ubah/", views.edit_subscription, name="edit"),
    path("pengelolaan/webhook/<slug:code>/ganti-kunci/", views.rotate_secret, name="rotate_secret"),
    path("pengelolaan/webhook/<slug:code>/jeda/", views.pause, name="pause"),
    path("pengelolaan/webhook/<slug:code>/lanjutkan/", views.resume, name="resume"),
    path("pengelolaan/webhook/<slug:code>/coba/", views.try_out, name="try_out"),
    path("pengelolaan/webhook/<slug:code>/hapus/", views.remove, name="remove"),
    path("pengelolaan/webhook/<slug:code>/kiriman/<uuid:pk>/ulang/", views.replay, name="replay"),
]

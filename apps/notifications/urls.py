"""Web routes."""

from django.urls import path

from apps.notifications import views

app_name = "notifications"
urlpatterns = [
    path("pemberitahuan/", views.notification_list, name="list"),
    path("pemberitahuan/dibaca/", views.mark_read, name="mark_read"),
    path("pemberitahuan/surat-gagal/", views.dead, name="dead"),
    path("pemberitahuan/surat-gagal/<int:pk>/", views.requeue, name="requeue"),
    path("kalender/", views.calendar, name="calendar"),
    path("kalender/ganti/", views.renew_calendar, name="renew_calendar"),
    path("kalender/cabut/", views.revoke_calendar, name="revoke_calendar"),
    path("kalender/<str:token>.ics", views.calendar_feed, name="calendar_feed"),
]

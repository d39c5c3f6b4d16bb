"""Web routes."""

from django.urls import path, re_path

from apps.dashboard import cost_report, views

app_name = "dashboard"
urlpatterns = [
    path("", views.home, name="home"),
    path("laporan/", views.reports, name="reports"),
    path("laporan/triwulan/", views.quarter_reports, name="quarter_reports"),
    re_path(
        r"^laporan/triwulan/(?P<number>LTW-[0-9-]+)\.(?P<kind>pdf|xlsx)$", views.quarter_report, name="quarter_report"
    ),
    path("laporan/biaya/", cost_report.costs, name="costs"),
    path("laporan/biaya/ekspor.<str:form>", cost_report.costs_file, name="costs_file"),
    path("serah-terima/", views.handovers, name="handovers"),
    path("serah-terima/<int:pk>/", views.hand_over, name="hand_over"),
]

"""Web routes."""

from django.urls import path

from apps.monitoring.views import application, counters, findings, grid, periods, review

app_name = "monitoring"
urlpatterns = [
    path("triwulan/", periods.board, name="board"),
    path("triwulan/<code>/lapor/", grid.grid, name="grid"),
    path("triwulan/<code>/periksa/", review.review, name="review"),
    path("triwulan/<code>/sahkan/", periods.endorse, name="endorse"),
    path("triwulan/<code>/perpanjang/", periods.extend, name="extend"),
    path("temuan/", findings.findings, name="findings"),
    path("temuan/<code>/", findings.finding, name="finding"),
    path("aplikasi/<key>/pemantauan/", application.application, name="application"),
    path("aplikasi/<key>/pencacah/", counters.counters, name="counters"),
    path("aplikasi/<key>/pencacah/unggah/", counters.upload, name="counters_upload"),
    path("aplikasi/<key>/pencacah/contoh/<name>/", counters.snippet, name="counters_snippet"),
]

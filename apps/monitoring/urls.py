"""Web routes."""

from django.urls import path

from apps.monitoring.views import (
    application,
    chase,
    counters,
    explanations,
    findings,
    grid,
    papers,
    periods,
    review,
    thresholds,
)

app_name = "monitoring"
urlpatterns = [
    path("triwulan/", periods.board, name="board"),
    path("triwulan/ketentuan/", thresholds.thresholds, name="thresholds"),
    path("triwulan/<code>/lapor/", grid.grid, name="grid"),
    path("triwulan/<code>/lapor/<key>/bukti/", papers.files, name="files"),
    path("triwulan/<code>/lapor/<key>/bukti/<int:pk>/", papers.file, name="file"),
    path("triwulan/<code>/atas-nama/<key>/", papers.enter_report_for, name="enter_report_for"),
    path("triwulan/<code>/tagih/", chase.chase, name="chase"),
    path("triwulan/<code>/tagih/<slug:office>/ingatkan/", chase.remind, name="remind"),
    path("triwulan/<code>/cakupan.csv", chase.coverage, {"form": "csv"}, name="coverage_csv"),
    path("triwulan/<code>/cakupan.xlsx", chase.coverage, {"form": "xlsx"}, name="coverage_xlsx"),
    path("pengingat/<int:pk>/kirim/", chase.confirm_batch, name="confirm_batch"),
    path("pengingat/<int:pk>/batalkan/", chase.discard_batch, name="discard_batch"),
    path("triwulan/<code>/periksa/", review.review, name="review"),
    path("triwulan/<code>/sahkan/", periods.endorse, name="endorse"),
    path("triwulan/<code>/perpanjang/", periods.extend, name="extend"),
    path("penjelasan/", explanations.explanations, name="explanations"),
    path("penjelasan/<code>/", explanations.explanation, name="explanation"),
    path("penjelasan/<code>/berkas/", explanations.explanation_document, name="explanation_document"),
    path("temuan/", findings.findings, name="findings"),
    path("temuan/<code>/", findings.finding, name="finding"),
    path("aplikasi/<key>/pemantauan/", application.application, name="application"),
    path("aplikasi/<key>/pencacah/", counters.counters, name="counters"),
    path("aplikasi/<key>/pencacah/unggah/", counters.upload, name="counters_upload"),
    path("aplikasi/<key>/pencacah/contoh/<name>/", counters.snippet, name="counters_snippet"),
]

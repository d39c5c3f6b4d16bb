"""Web routes."""

from django.urls import path

from apps.inventory.views import (
    acts,
    attributes,
    drafts,
    exports,
    history,
    imports,
    listing,
    merging,
    record,
    reorganizing,
    rows,
    saved,
    security,
    sheets,
    similar,
    together,
)

app_name = "inventory"
import_urls = [
    path("impor/", imports.imports, name="imports"),
    path("impor/templat.<str:form>", imports.import_template, name="import_template"),
    path("impor/<int:pk>/", imports.import_job, name="import_job"),
    path("impor/<int:pk>/kolom/", imports.import_columns, name="import_columns"),
    path("impor/<int:pk>/kolom/ulang/", imports.import_rematch, name="import_rematch"),
    path("impor/<int:pk>/jawab/", imports.import_answer, name="import_answer"),
    path("impor/<int:pk>/terapkan/", imports.import_commit, name="import_commit"),
    path("impor/<int:pk>/batalkan/", imports.import_drop, name="import_drop"),
    path("impor/<int:pk>/kembalikan/", imports.import_undo, name="import_undo"),
    path("impor/<int:pk>/salah.csv", imports.import_refused, name="import_refused"),
]
# word in the path, noun of the acts
ROWS = (("hubungan", "relation"), ("biaya", "cost"), ("kontrak", "contract"), ("dokumen", "document"))
row_urls = [
    path("aplikasi/<key>/hubungan/", rows.relations, name="relations"),
    path("aplikasi/<key>/hubungan/dampak/", rows.impact, name="impact"),
    path("aplikasi/<key>/biaya/", rows.costs, name="costs"),
    path("aplikasi/<key>/dokumen/", rows.documents, name="documents"),
    path("aplikasi/<key>/dokumen/<int:pk>/unduh/", rows.document_file, name="document_file"),
]
for word, noun in ROWS:
    row_urls += [
        path(f"aplikasi/<key>/{word}/tambah/", rows.add_row, {"kind": noun}, name=f"add_{noun}"),
        path(f"aplikasi/<key>/{word}/<int:pk>/ubah/", rows.change_row, {"kind": noun}, name=f"change_{noun}"),
        path(f"aplikasi/<key>/{word}/<int:pk>/hapus/", rows.remove_row, {"kind": noun}, name=f"remove_{noun}"),
    ]
reorganizing_urls = [
    path("pengelolaan/sotk/", reorganizing.reorganizations, name="reorganizations"),
    path(
        "pengelolaan/sotk/rencanakan/<slug:office>/<slug:kind>/",
        reorganizing.plan_reorganization,
        name="plan_reorganization",
    ),
    path("pengelolaan/sotk/<slug:code>/", reorganizing.reorganization, name="reorganization"),
    path("pengelolaan/sotk/<slug:code>/batalkan/", reorganizing.cancel_reorganization, name="cancel_reorganization"),
    path(
        "pengelolaan/sotk/<slug:code>/laksanakan/", reorganizing.execute_reorganization, name="execute_reorganization"
    ),
]
urlpatterns = [
    path("aplikasi/", listing.application_list, name="list"),
    path("aplikasi/daftarkan/", drafts.start, name="start"),
    path("aplikasi/mirip/", similar.similar_applications, name="similar"),
    path("aplikasi/ekspor.<str:form>", exports.export, name="export"),
    path("aplikasi/lembar-nasional.xlsx", exports.national_sheet, name="national_sheet"),
    path("pengelolaan/lembar-nasional/", sheets.sheet_layout, name="sheet_layout"),
    path("aplikasi/ubah-sekaligus/", together.edit_together, name="edit_together"),
    path("aplikasi/ubah-sekaligus/<int:pk>/batalkan/", together.undo_together, name="undo_together"),
    path("aplikasi/tampilan/", saved.saved_views, name="saved_views"),
    path("aplikasi/tampilan/simpan/", saved.save_view, name="save_view"),
    path("aplikasi/tampilan/<slug:slug>/", saved.open_view, name="open_view"),
    path("aplikasi/tampilan/<slug:slug>/ubah/", saved.edit_view, name="edit_view"),
    path("aplikasi/tampilan/<slug:slug>/hapus/", saved.drop_view, name="drop_view"),
    path("aplikasi/<key>/", record.detail, name="detail"),
    path("aplikasi/<key>/arsitektur/", record.architecture, name="architecture"),
    path("aplikasi/<key>/riwayat/", history.history, name="history"),
    path("aplikasi/<key>/riwayat/<int:pk>/batalkan/", history.undo, name="undo"),
    path("aplikasi/<key>/isi/<int:step>/", drafts.fill, name="fill"),
    path("aplikasi/<key>/ajukan/", drafts.submit, name="submit"),
    path("aplikasi/<key>/ubah/", acts.edit, name="edit"),
    path("aplikasi/<key>/periksa/", acts.examine, name="examine"),
    path("aplikasi/<key>/tarik/", acts.withdraw, name="withdraw"),
    path("aplikasi/<key>/hapus/", acts.delete, name="delete"),
    path("aplikasi/<key>/kelengkapan/", record.completeness_page, name="completeness"),
    path("aplikasi/<key>/kategori-keamanan/", security.security_category, name="security_category"),
    path("aplikasi/<key>/nyatakan-benar/", acts.attest, name="attest"),
    path("aplikasi/<key>/konfirmasi-fakta/", acts.confirm_facts, name="confirm_facts"),
    path("aplikasi/<key>/gabung/", merging.merge, name="merge"),
    path("aplikasi/<key>/penangguhan/", acts.suspend, name="suspend"),
    path("pengelolaan/atribut/", attributes.attributes, name="attributes"),
    path("pengelolaan/atribut/tambah/", attributes.add_attribute, name="add_attribute"),
    path("pengelolaan/atribut/<slug:key>/ubah/", attributes.edit_attribute, name="edit_attribute"),
    path("pengelolaan/atribut/<slug:key>/akhiri/", attributes.end_attribute, name="end_attribute"),
    path("pengelolaan/atribut/<slug:key>/pakai-lagi/", attributes.restore_attribute, name="restore_attribute"),
    *row_urls,
    *import_urls,
    *reorganizing_urls,
]

"""Routes of signing in and of administration."""

from django.urls import path
from django.views.i18n import set_language

from apps.accounts.views import delegation, keys, offices, people, sign_in

app_name = "accounts"
urlpatterns = [
    path("masuk/", sign_in.sign_in, name="sign_in"),
    path("keluar/", sign_in.sign_out, name="sign_out"),
    path("peran/", sign_in.switch_role, name="switch_role"),
    path("kata-sandi/", sign_in.password_change, name="password_change"),
    path("undangan/<str:token>/", sign_in.invitation, name="invitation"),
    path("tampilan/", sign_in.theme, name="theme"),
    path("bahasa/", set_language, name="language"),
    path("aksesibilitas/", sign_in.accessibility, name="accessibility"),
    path("gaya/", sign_in.style, name="style"),
    path("pelapor-sementara/", delegation.delegations, name="delegations"),
    path("pelapor-sementara/<int:pk>/akhiri/", delegation.recall, name="recall"),
    path("pengelolaan/", offices.administration, name="administration"),
    path("pengelolaan/orang/", people.people, name="people"),
    path("pengelolaan/orang/undang/", people.invite, name="invite"),
    path("pengelolaan/orang/<int:pk>/", people.person, name="person"),
    path("pengelolaan/orang/<int:pk>/ubah/", people.edit_person, name="edit_person"),
    path("pengelolaan/orang/<int:pk>/peran/", people.grant, name="grant"),
    path("pengelolaan/orang/<int:pk>/peran/<int:membership>/akhiri/", people.end_membership, name="end_membership"),
    path("pengelolaan/orang/<int:pk>/tautan/", people.renew_invitation, name="renew_invitation"),
    path("pengelolaan/orang/<int:pk>/tutup/", people.deactivate_person, name="deactivate_person"),
    path("pengelolaan/organisasi/", offices.organizations, name="organizations"),
    path("pengelolaan/organisasi/tambah/", offices.create_organization, name="create_organization"),
    path("pengelolaan/organisasi/<slug:code>/ubah/", offices.edit_organization, name="edit_organization"),
    path(
        "pengelolaan/organisasi/<slug:code>/nonaktifkan/",
        offices.deactivate_organization,
        name="deactivate_organization",
    ),
    path("pengelolaan/ketentuan/", offices.policy, name="policy"),
    path("pengelolaan/hari-libur/", offices.holidays, name="holidays"),
    path("pengelolaan/hari-libur/<int:year>/", offices.holiday_year, name="holiday_year"),
    path("pengelolaan/token/", keys.tokens, name="tokens"),
    path("pengelolaan/token/buat/", keys.create_token, name="create_token"),
    path("pengelolaan/token/<int:pk>/cabut/", keys.revoke_token, name="revoke_token"),
]

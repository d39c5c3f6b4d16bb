#!/bin/sh
# Dijalankan sekali oleh citra postgres pada basis data yang masih kosong: peran pemilik yang bermigrasi dan peran
# aplikasi yang tidak memiliki apa-apa. Kata sandi lewat variabel psql, bukan disisipkan ke dalam SQL.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set owner_password="$SPBE_OWNER_PASSWORD" --set app_password="$SPBE_APP_PASSWORD" <<'SQL'
CREATE ROLE spbe_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE spbe_app LOGIN PASSWORD :'app_password';
ALTER DATABASE spbe OWNER TO spbe_owner;
ALTER SCHEMA public OWNER TO spbe_owner;
SQL

# Citra produksi. Rahasia tidak pernah masuk ke sini: semuanya dari lingkungan saat berjalan.
FROM node:24-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# Tanpa PostgreSQL tertanam (opsional) dan tanpa alat uji (dev).
RUN npm ci --omit=dev --omit=optional

FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv /srv/venv \
    && /srv/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATE_DIR=/srv/state \
    STATIC_ROOT=/srv/static
RUN groupadd --system --gid 10001 spbe \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin spbe \
    && install -d -o spbe -g spbe /srv/state /srv/state/media
WORKDIR /srv/app
COPY --from=packages /srv/venv /srv/venv
COPY --from=assets /build/node_modules ./node_modules
COPY manage.py ./
COPY spbe_portfolio ./spbe_portfolio
COPY apps ./apps
COPY templates ./templates
COPY static ./static
COPY locale ./locale
# Nilai pengganti hanya agar pengaturan dapat dibaca; perintah ini tidak membuka sambungan apa pun.
RUN SECRET_KEY=build BASE_URL=http://localhost DATABASE_URL=postgres://build@/build REDIS_URL=redis://build \
    python manage.py collectstatic --noinput -v 0
USER 10001:10001
EXPOSE 8000
# Satu proses web untuk tiap inti, paling banyak empat: sesuaikan dengan mesinnya (docs/scale.md).
ENV GRANIAN_WORKERS=2
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--blocking-threads", "8", "--blocking-threads-idle-timeout", "120", "spbe_portfolio.wsgi:application"]

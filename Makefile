# Tipis di atas tools/: setiap sasaran satu atau dua baris. PORT, HOST, STATE_DIR, DEMO, T, ARGS lewat lingkungan.
.DEFAULT_GOAL := help
.PHONY: run test check faults bench load lock help
PYTHON ?= python3
# Every process of the product and of a test would compile all its libraries again.
unexport PYTHONDONTWRITEBYTECODE
VENV_PYTHON := .venv/bin/python

run: ## menjalankan seluruh produk dengan pemerintah daerah contoh (PORT=8000 STATE_DIR=var)
	@$(PYTHON) tools/provision.py
	@$(VENV_PYTHON) tools/run.py

test: ## penjaga dan seluruh uji (ARGS="..." diteruskan ke pytest)
	@$(PYTHON) tools/provision.py --dev
	@$(VENV_PYTHON) tools/suite.py test

check: ## penjaga saja: gaya, tipe, arah impor, migrasi, terjemahan
	@$(PYTHON) tools/provision.py --dev
	@$(VENV_PYTHON) tools/check.py

faults: ## uji gangguan yang panjang (T=T-07 memilih satu)
	@$(PYTHON) tools/provision.py --dev
	@$(VENV_PYTHON) tools/suite.py faults

bench: ## angka-angka kecepatan
	@$(PYTHON) tools/provision.py --dev
	@$(VENV_PYTHON) bench/run.py

load: ## 50 klien menarik dan 5 orang menulis selama lima menit (SECONDS=300)
	@$(PYTHON) tools/provision.py --dev
	@$(VENV_PYTHON) bench/run.py load

lock: ## menyusun ulang kunci paket
	@$(PYTHON) tools/lock.py

help: ## daftar ini
	@sed -n 's/^\([a-z]*\): ## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

"""Settings of the test suite: the product's own, with a faster password hash and the flush that append-only tables allow."""

import os

from spbe_portfolio.settings import *  # noqa: F403

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["ENGINE"] = "tests.postgresql"  # noqa: F405
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
# `make test` migrates once; every worker's database is a copy of that one.
DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("TEST_TEMPLATE")}  # noqa: F405
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"client": "100000/min"}  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

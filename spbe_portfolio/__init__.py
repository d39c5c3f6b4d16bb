"""Portofolio SPBE: the project that joins the apps."""

from spbe_portfolio.celery import app as celery_app

__all__ = ["celery_app"]

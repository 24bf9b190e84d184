"""The peer's settings, addresses and WSGI application; its database is one of the engine's own PostgreSQL."""

from __future__ import annotations

import os
from typing import Any

import django
from django.conf import settings

APP = "benchmarks.django_admin"


def set_up() -> None:
    """Settings as `startproject` writes them, made quick where a deployment would: kept connections, cached templates."""
    settings.configure(
        DEBUG=False,
        SECRET_KEY=os.environ["BENCHMARK_DJANGO_SECRET"],
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=f"{APP}.site",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "HOST": os.environ["BENCHMARK_POSTGRESQL"],
                "USER": os.environ["BENCHMARK_POSTGRESQL_USER"],
                "NAME": os.environ["BENCHMARK_DJANGO_DATABASE"],
                "CONN_MAX_AGE": None,
            }
        },
        INSTALLED_APPS=[
            *(f"django.contrib.{each}" for each in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")),
            APP,
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
        STATIC_URL="static/",
        LANGUAGE_CODE="ja",
        TIME_ZONE="Asia/Tokyo",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )  # fmt: skip
    django.setup()


def application() -> Any:
    """What gunicorn loads."""
    set_up()
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def __getattr__(name: str) -> Any:
    # Django reads the addresses from here, once it is set up and the admin may be imported.
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.contrib import admin
    from django.urls import path

    return [path("admin/", admin.site.urls)]

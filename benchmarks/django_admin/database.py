"""A database for the peer in the PostgreSQL that carries the embedded engine: the same program, disk and settings."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from engine import Engine, postgres
from engine.box import USER


@contextmanager
def database(store: Engine, name: str, *, anew: bool, kept: bool) -> Iterator[dict[str, str]]:
    """A database of that name while the block lasts, and longer where it is kept: the environment of its application.

    `anew`: an empty one, whatever there was.
    Empty where the store is not the embedded one: then there is no PostgreSQL beside it, and no such side.
    """
    if store.source != "embedded":
        yield {}
        return
    sockets = str(store.places.sockets)
    with psycopg.connect(host=sockets, user=USER, dbname=postgres.DATABASE, autocommit=True) as connection:
        if anew:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not there:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield {
                "BENCHMARK_POSTGRESQL": sockets, "BENCHMARK_POSTGRESQL_USER": USER, "BENCHMARK_DJANGO_DATABASE": name,
                "BENCHMARK_DJANGO_SECRET": secrets.token_hex(32), "DJANGO_SETTINGS_MODULE": "",
            }  # fmt: skip
        finally:
            if not kept:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

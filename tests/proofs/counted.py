"""The application as gunicorn serves it, with one thing beside: each password check leaves a byte in a file.

The check is the real one. A file opened for appending counts over all processes, and nothing of the store is touched.
"""

from __future__ import annotations

import os

import bcrypt
from flask import Flask

from accounts.sign_in import passwords
from app import create_app

_check = bcrypt.checkpw


def _counted(password: bytes, hashed: bytes) -> bool:
    with open(os.environ["HASHES_COUNTED_IN"], "ab", buffering=0) as file:
        file.write(b".")
    return _check(password, hashed)


def counted() -> Flask:
    """What gunicorn is given in the application's place."""
    bcrypt.checkpw = _counted  # type: ignore[assignment]  # counts and then does the real check
    return create_app()


def counted_cheaply() -> Flask:
    """The same, where an unknown name costs as little as an account of the tests; for what is no matter of time."""
    passwords.NOBODY = bcrypt.hashpw(b"nobody", bcrypt.gensalt(4)).decode()
    return counted()

"""The cookie by which a browser shows that an account has signed in from it before (accounts.sign_in.devices)."""

from __future__ import annotations

from flask import Response, after_this_request, current_app, request

from accounts.sign_in.devices import LASTS, device_cookie


def device() -> str:
    """The cookie of this request; empty where there is none."""
    return request.cookies.get(_name(), "")


def remember_device(user: str, stamp: str) -> None:
    """With this answer the browser becomes, or stays, a known one of this account, under its stamp of now."""
    value = device_cookie(device(), user, stamp, current_app.config["PEPPER"])

    @after_this_request
    def _set(answer: Response) -> Response:
        config = current_app.config
        answer.set_cookie(
            _name(), value, max_age=LASTS, path="/", httponly=True, samesite=config["SESSION_COOKIE_SAMESITE"],
            secure=config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
        return answer


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-device"

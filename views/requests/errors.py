"""Every no, as a page in the reader's language: what happened, what to do, whom to ask. Never a traceback."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil
from typing import Any

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import ParseException
from pymongo.errors import PyMongoError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from audit.disclosures import LedgerClosed, SealingStopped
from audit.events import note
from documents.fonts import NoFont
from gate.refusals import BadQuestion, NotFound, NotReady, Refused, TooMany
from models.data_classes import Words
from models.registry import NOUNS
from operations.disk import is_full, says_full
from views.requests.addresses import of_api
from views.requests.admission import OPEN_TO_ALL
from views.requests.health import found_away
from views.requests.safe_next import where_they_were
from views.requests.sessions import present
from words import day, t, w

log = logging.getLogger("shuzoko")
Page = tuple[str, int]
API_PROBLEM = "shuzoko_api_problem"
START: Words = ("ホームへ", "Home page")

PAGES: dict[int, tuple[Words, Words, Words]] = {
    400: (
        ("受け付けられない指定です", "This request cannot be understood"),
        ("指定の形が正しくありません。", "Part of the request is malformed."),
        ("一覧に戻って、画面から操作し直してください。", "Go back to the list and start from the screen."),
    ),
    403: (
        ("この操作はできません", "You may not do this"),
        ("いまの役割では許可されていません。", "Your role does not allow it."),
        ("必要なときは、システム管理者にお尋ねください。", "If you need it, ask your administrator."),
    ),
    404: (
        ("見つかりません", "Not found"),
        ("ページや記録がないか、閲覧権限がありません。", "There is no such page or record, or you do not have permission to view it."),
        ("番号を確かめて、一覧から探してください。", "Check the number, and look for it in the list."),
    ),
    405: (
        ("この方法では開けません", "It cannot be opened this way"),
        ("画面のボタンから操作してください。", "Use the buttons on the screen."),
        ("一覧に戻ってやり直してください。", "Go back to the list and try again."),
    ),
    413: (
        ("送られたものが大きすぎます", "What was sent is too large"),
        ("一度に送れるのは{whole}まで(文字は{text}まで)、項目は{parts:,}個までです。",
         "At most {whole} and {parts:,} fields can be sent at once, {text} of them text."),
        ("小さくするか分けてから、もう一度お試しください。", "Make it smaller or send it in parts, and try again."),
    ),
    429: (
        ("回数の上限に達しました", "Too many requests"),
        ("短いあいだに何度も行われました。", "This was done too often in a short time."),
        ("しばらく待って、もう一度お試しください。", "Wait a while and try again."),
    ),
    500: (
        ("処理を終えられませんでした", "This could not be completed"),
        ("こちらの不具合です。入力は保存されていません。", "This is an error of the system. Nothing was saved."),
        ("前の画面に戻ってもう一度お試しください。続くときは下の番号を管理者へ。",
         "Go back and try again; if it happens again, give the administrator the number below."),
    ),
    503: (
        ("いまデータベースに接続できません", "The database cannot be reached"),
        ("閲覧記録を残せないあいだは、個人情報を表示しません。", "While the ledger cannot be written, no personal data is shown."),
        ("少し待って、同じ画面を開き直してください。", "Wait a little and open the page again."),
    ),
    507: (
        ("ディスクがいっぱいです", "The disk is full"),
        ("サーバーに空きがないため、保存できませんでした。", "The server has no room left, so nothing was saved."),
        ("システム管理者へ、ディスクの空きを増やすようお知らせください。", "Tell your administrator to make room on its disk."),
    ),
}  # fmt: skip


AGAIN: Words = (
    "記録のページに戻り、しばらくして開き直してください。",
    "Go back to the record, and open it again in a while.",
)


def page(
    status: int, *, what: Words | None = None, todo: Words | None = None, **more: Any
) -> Page | Response:
    """A designed page for a status; for a program of the API, the same as problem details."""
    title, said, then = PAGES.get(status, PAGES[400 if status < 500 else 500])
    if of_api():
        answer: Response = current_app.extensions[API_PROBLEM](status, title, what or said, **more)
        return answer
    buttons = more.pop("buttons", [(w(START), "/admin/")])
    text = render_template(
        "shared/message.html", status=status, title=w(title), what=w(what or said), todo=w(todo or then), buttons=buttons,
        **more,
    )  # fmt: skip
    return text, status


def _refused(error: Refused) -> Page | Response:
    account = g.get("account")
    if account is not None:
        # guard: log-refusal
        note("refused", actor=account.actor.user, institution=account.actor.institution,
             noun=(request.view_args or {}).get("noun") or request.blueprint or "", detail=error.verdict.rule)  # fmt: skip
    return page(error.status, what=error.verdict.reason, rule=error.verdict.rule, field=error.field)


def _too_many(error: TooMany) -> Page | Response:
    wait = max(1, ceil((error.until - datetime.now(UTC)).total_seconds()))
    again = day(error.until)[-5:]
    back = request.blueprint if request.blueprint in NOUNS else ""
    answer = make_response(page(
        429,
        what=error.words,
        todo=(
            f"{again}を過ぎてから、もう一度お試しください。回数が足りないときは、システム管理者へご相談ください。",
            f"Try again after {again}. If you need more, please talk to your administrator.",
        ),
        buttons=[(t("前の一覧へ", "Back to the list"), url_for(f"{back}.index_view"))] if back else [(w(START), "/admin/")],
    ))  # fmt: skip
    answer.headers["Retry-After"] = str(wait)
    return answer


def _too_large() -> Words:
    """What may be sent there, by the limits of this very request."""
    text = current_app.config["MAX_FORM_MEMORY_SIZE"]
    whole = request.max_content_length or text
    limits = {"parts": current_app.config["MAX_FORM_PARTS"]}
    ja, en = PAGES[413][1]
    if whole < text:
        ja, en = "ここで一度に送れるのは{whole}までです。", "At most {whole} can be sent here at once."
    return (
        ja.format(whole=_size(whole, ""), text=_size(text, ""), **limits),
        en.format(whole=_size(whole, " "), text=_size(text, " "), **limits),
    )


def _size(number: int, space: str) -> str:
    """Bytes as people read them, never "0 MB"."""
    return f"{number // 1024**2:,}{space}MB" if number >= 1024**2 else f"{number // 1024:,}{space}KB"


def _http(error: HTTPException) -> Page | Response:
    status = error.code or 500
    if status == 413:
        return page(status, what=_too_large())
    answer = page(status if status in PAGES else (400 if status < 500 else 500))
    if isinstance(answer, Response) and isinstance(error, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer


def _csrf(_: CSRFError) -> Page | Response | BaseResponse:
    # What was typed waits in the browser (js/drafts.js): sign in, open the form again, and go on.
    back = where_they_were()
    if not current_user.is_authenticated and request.endpoint not in OPEN_TO_ALL:
        return redirect(url_for("signin.login", next=back))
    return page(
        400,
        what=("画面の有効期限が切れたか、ほかから送られた操作です。", "The page has expired, or the act came from elsewhere."),
        todo=("画面を開き直して、もう一度お試しください。", "Open the page again and repeat it."),
        buttons=[(w(("前の画面を開き直す", "Open the page again")), back or "/admin/")],
    )  # fmt: skip


def _unreachable(error: Exception) -> Page | Response:
    found_away(error)
    present().forgo()
    g.account = None  # the frame itself would need the store
    # A store whose disk is full may say so, or end.
    full = says_full(error) or says_full(error.__cause__) or is_full(current_app.config["SETTINGS"].var)
    return page(507 if full else 503)


def _system(error: OSError) -> Page | Response:
    if says_full(error):
        return page(507)
    return _traceback(error) if _develops(current_app) else _unforeseen(error)


def _unsealed(_: SealingStopped) -> Page | Response:
    return page(
        503,
        what=("閲覧記録の台帳への封緘が止まっているため、個人情報を表示しません。", "Entries of the access log are not being sealed, so personal data is not shown."),
        todo=("システム管理者へお知らせください。ワーカーが動くと、また表示できます(flask doctor が理由を示します)。",
              "Tell your administrator. It is shown again once the worker runs; flask doctor says why it does not."),
    )  # fmt: skip


def _no_font(_: NoFont) -> Page | Response:
    return page(
        503,
        what=("このサーバーに日本語フォントがないため、PDFを作れません。", "This server has no Japanese font, so no PDF can be made."),
        todo=("システム管理者へ、fonts-noto-cjk を入れるようお知らせください。",
              "Tell your administrator to install fonts-noto-cjk."),
    )  # fmt: skip


def _unforeseen(error: Exception) -> Page | Response:
    # The kind of error and a number: its text may hold a person's data (law 5).
    number = secrets.token_hex(4)
    # guard: log-error
    log.error(
        # guard: no-traceback
        "unforeseen %s at %s, number %s",
        type(error).__name__,
        request.endpoint,
        number,
        exc_info=False,
    )
    trace = error.__traceback__
    while trace is not None:
        log.error("  %s:%s", trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    # guard: unforeseen
    return page(500, number=number)


def _traceback(_: Exception) -> Response:
    """In development (`make dev`) what went wrong, whole; never elsewhere, for it may hold a person's data."""
    return Response(traceback.format_exc(), 500, mimetype="text/plain")


def register(app: Flask, api_problem: Callable[..., Response]) -> None:
    """Answer every error that a person can cause, and unforeseen ones. `api_problem` writes the answer to a program."""
    app.extensions[API_PROBLEM] = api_problem
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(NotFound, lambda _: page(404))
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(NotReady, lambda error: page(404, what=error.words, todo=AGAIN))
    app.register_error_handler(BadQuestion, lambda error: page(400, what=error.words))
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(NoFont, _no_font)
    app.register_error_handler(SealingStopped, _unsealed)
    app.register_error_handler(LedgerClosed, _unreachable)
    app.register_error_handler(PyMongoError, _unreachable)
    app.register_error_handler(OSError, _system)
    app.register_error_handler(HTTPException, _http)
    # The server reads a body in chunks only when the application does: a malformed or broken-off one is found here.
    app.register_error_handler(ParseException, lambda _: page(400))
    app.register_error_handler(Exception, _traceback if _develops(app) else _unforeseen)


def _develops(app: Flask) -> bool:
    # FLASK_DEBUG left set by mistake shows nothing on a server that others can reach.
    return bool(app.debug and app.config["SETTINGS"].serves_this_machine_alone)

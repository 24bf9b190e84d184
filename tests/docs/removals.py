"""The guards behind the met rows of docs/asvs.md, by name: what to take out so that the row's test fails.

`python -m tests.docs.removals [NAME …]` takes each out of a copy of the tree, as tests/proofs/seeded_holes.py does, runs
the tests of the rows that name it, and says which of them did not fail.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.docs.table import Row, rows
from tests.proofs.seeded_holes import HOLES, Hole, applied, failing

PAGES: dict[str, tuple[str, str]] = {
    "page:forms": ("docs/asvs.md", "What may be typed into a field is declared with the field"),
    "page:limits": ("docs/asvs.md", "at most 30 look-ups an hour"),
    "page:uploads": ("docs/decisions/0020-uploads.md", "**What comes in.**"),
    "page:sessions": ("docs/decisions/0011-sessions.md", "**Limits** are the institution's"),
    "page:acts": ("tests/proofs/routes.py", "ACTS says who may do what"),
    "page:engine": ("docs/decisions/0003-embedded-engine.md", "Unix sockets only, in"),
    "page:gate": ("docs/asvs.md", "| public, internal |"),
    "page:slow": ("docs/decisions/0021-slow-requests.md", "Limits in one place"),
}
"""What a row about documentation rests on: a page, and words of it."""


def _hole(file: str, old: str, new: str) -> Hole:
    return Hole(file, old, new, ())


def _seeded(file: str, start: str) -> Hole:
    """One that seeded_holes.py has already."""
    return next(each for each in HOLES if each.file == file and each.old.strip().startswith(start))


HEADERS, APP = "views/requests/headers.py", "app.py"
REMOVALS: dict[str, Hole] = {
    **{name: _hole(file, words, "") for name, (file, words) in PAGES.items()},
    # what is typed, and where it goes
    "escape": _hole("views/shared/cells.py", "    return html(str(text))\n", "    return str(text)\n"),
    "schemes": _hole("gate/fields/kinds.py", r'r"https?://[^\s<>\"]{3,490}"', 'r".*"'),
    "inline": _hole("views/shared/templates/layout.html", "</body>", "<script>1</script></body>"),
    "json-values": _hole("views/api/asking.py", "    if isinstance(value, bool) or not isinstance(value, str | int):\n        raise BadQuestion(NOT_AN_OBJECT)\n    return str(value)", "    return value"),
    "shell": _hole("gate/fields/pictures.py", "command, stdin=given", '" ".join(command), shell=True, stdin=given'),
    "doctype": _hole("imports/formats/xlsx/book.py", "def _refuse_doctype(*_: Any) -> None:\n    raise Unreadable\n", "def _refuse_doctype(*_: Any) -> None:\n    return\n"),
    "eval": _hole("views/oversight/audit.py", "    return (int(text) - 1) * PAGE", "    return (eval(text) - 1) * PAGE"),
    "md5": _hole("accounts/sessions.py", "    return hmac.new(pepper, f\"session:{id_}\".encode(errors=\"surrogatepass\"), sha256).hexdigest()", "    import hashlib\n\n    return hashlib.md5(pepper + id_.encode(errors=\"surrogatepass\")).hexdigest()"),
    "ecb": _hole("accounts/sign_in/second_factor.py", "    nonce = secrets.token_bytes(12)\n", "    nonce = secrets.token_bytes(12)\n    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\n    Cipher(algorithms.ARC4(keys.factor), modes.ECB())\n"),
    "chance": _hole("accounts/sessions.py", "    return secrets.token_urlsafe(32)", "    import random\n\n    return str(random.random())"),
    "control": _hole("gate/fields/typed_text.py", "text if text.isprintable() else CONTROL.sub(_meant, text)", "text"),
    "mail": _hole("oversight/alarm_messages.py", 'not each.target.isprintable()', 'not each.target'),
    "no-redirect": _hole("oversight/alarm_messages.py", "build_opener(_Stay)", "build_opener()"),
    "any-picture": _hole("views/records/card/files.py", 'known = mime in SUFFIX and field != "original"', "known = False"),
    "requests": _hole("gate/fields/dates.py", "from __future__ import annotations\n", "from __future__ import annotations\nimport urllib.request\n"),
    "template": _hole("views/oversight/audit.py", "render_template, request", "render_template, render_template_string, request"),
    "pickle": _hole("gate/fields/dates.py", "from __future__ import annotations\n", "from __future__ import annotations\nimport pickle\n"),
    "choices": _hole("gate/fields/kinds.py", "    known = terms(field.declared.vocabulary)\n", "    return text(field, typed)\n    known = terms(field.declared.vocabulary)\n"),
    "code-stage": _hole("views/accounts/signin.py", "if here.stored is None or here.stored.stage or here.stored.user != user:", "if here.stored is None or here.stored.user != user:"),
    "look-ups": _hole("gate/store/hourly_limits.py", 'free = {"_id": key, f"moments.{limit - 1}": {"$exists": False}}', 'free = {"_id": key}'),
    "forget": _hole("gate/fields/stored_pictures.py", "            forget(file)\n        raise", "            pass\n        raise"),
    "revision": _seeded("gate/writing/writing.py", '{"_id": document["_id"], "revision": revision}, update'),
    "rate": _hole("views/api/bearer.py", '    if not within_rate(f"token {token_id}", REQUESTS):', "    if False:"),
    "mass": _seeded("gate/writing/permissions.py", "if field is None or field.declared.kept_by_system:"),
    "repeated": _seeded("views/records/list/questions.py", "if len(given) != len(args) or any("),
    # the browser
    "nosniff": _hole(HEADERS, '    answer.headers["X-Content-Type-Options"] = "nosniff"\n', ""),
    "referrer": _hole(HEADERS, '"same-origin"\n    answer.headers["Permissions-Policy"]', '"unsafe-url"\n    answer.headers["Permissions-Policy"]'),
    "csp-object": _hole(HEADERS, "object-src 'none'; ", ""),
    "csp-frame": _hole(HEADERS, "frame-ancestors 'none'; ", ""),
    "cors": _hole(HEADERS, '    answer.headers["X-Frame-Options"] = "DENY"\n', '    answer.headers["X-Frame-Options"] = "DENY"\n    answer.headers["Access-Control-Allow-Origin"] = "*"\n'),
    "hsts": _hole(HEADERS, "    if request.is_secure:\n", "    if False:\n"),
    "no-store": _hole(HEADERS, '        answer.headers["Cache-Control"] = "no-store"\n', "        pass\n"),
    "clear-site": _hole(HEADERS, "        answer.headers[\"Clear-Site-Data\"] = '\"cache\"'\n", "        pass\n"),
    "charset": _hole(HEADERS, '    answer.headers["X-Frame-Options"] = "DENY"\n', '    answer.headers["X-Frame-Options"] = "DENY"\n    answer.headers["Content-Type"] = answer.mimetype or "text/html"\n'),
    "host-cookie": _hole(APP, '"__Host-shuzoko" if found.cookies_secure else "shuzoko"', '"shuzoko"'),
    "samesite": _hole(APP, '        SESSION_COOKIE_SAMESITE="Lax",\n', ""),
    "httponly": _hole(APP, "SESSION_COOKIE_HTTPONLY=True", "SESSION_COOKIE_HTTPONLY=False"),
    "csrf": _seeded("views/__init__.py", "CSRFProtect(app)"),
    "api-bearer": _hole("views/accounts/signin.py", "        return current_app.extensions[API_GUARD]()", "        return None"),
    "get-removes": _hole("views/accounts/language.py", 'pages.post("/language")', 'pages.get("/language")'),
    "next": _hole("views/requests/safe_next.py", '        and not asked.startswith(("//", "/\\\\"))\n        and not parts.scheme\n        and not parts.netloc\n', ""),
    "proxy": _hole(APP, "    if found.proxy_hops:\n", "    found = __import__('dataclasses').replace(found, proxy_hops=found.proxy_hops + 1)\n    if found.proxy_hops:\n"),
    # files
    "room": _hole("gate/fields/image_decoder.py", "    resource.setrlimit(resource.RLIMIT_AS, (taken + room, taken + room))\n", ""),
    "ending": _hole("gate/fields/pictures.py", "    if name and PurePath(name).suffix.lower() not in ENDINGS:\n        raise _invalid_ending(name)\n", ""),
    "pixels": _hole("gate/fields/image_decoder.py", '"PNG": LARGE', '"PNG": 10 * LARGE'),
    "files-by-id": _hole("views/records/view.py", '        """Any stored file by its id is not offered; a record\'s file is opened by record and field."""\n', "        return 'x'\n\n    from flask_admin import expose\n\n    @expose('/api/file/')\n    def api_file(self):\n        from mongoengine.connection import get_db\n        from gridfs import GridFS\n        from bson import ObjectId\n        from flask import request\n        return GridFS(get_db()).get(ObjectId(request.args['id'])).read()\n"),
    "file-named": _hole("gate/fields/kinds.py", 'raise Wrong(("画像を選び直してください。", "Choose the picture again."))', "return raw"),
    "disposition": _hole("views/records/card/files.py", "; filename=picture.{ORIGINALS.get(mime, 'bin')}", ""),
    # who comes in
    "shortest": _hole("policies/passwords.py", "    if length < shortest:", "    if length < 4:"),
    "telling": _hole("policies/passwords.py", "if any(len(name) >= TELLING and name in plain for name in map(folded, about)):", "if False:"),
    "composition": _hole("policies/passwords.py", "    if length < shortest:", "    if length < shortest or not any(map(str.isdigit, password)):"),
    "common": _hole("accounts/sign_in/passwords.py", 'frozenset(map(folded, FREQUENCY_LISTS["passwords"]))', "frozenset()"),
    "cut": _hole("accounts/sign_in/passwords.py", "password[: rules.LONGEST + 1])", "password[:24])"),
    "longest": _hole("policies/passwords.py", "LONGEST = 256", "LONGEST = 60"),
    "outdated": _hole("accounts/sign_in/passwords.py", "    return id_ != pepper_id(_all(pepper)[-1]) or rest", "    return rest"),
    "cost": _hole("accounts/sign_in/passwords.py", "COST = 12", "COST = 4"),
    "attempts": _hole("accounts/lockout.py", '"$or": [{"count": {"$lt": limits.attempts}}, {"until": {"$lte": now}}]}', '"count": {"$ne": -1}}'),
    "door": _hole("views/accounts/signin.py", '    return redirect(url_for("signin.login", next=where_they_were()))', "    return None"),
    "reset-ends": _hole("accounts/sign_in/resets.py", '"ends_at": {"$gt": now}, "taken_at"', '"taken_at"'),
    "code-once": _hole("accounts/sign_in/second_factor.py", '"second_factor.last_step": {"$lt": step}}', '"second_factor.last_step": {"$gt": 0}}'),
    "factor-forced": _hole("views/requests/admission.py", "if found.wants_factor and not found.has_factor and request", "if False and request"),
    "present-for-factor": _hole("views/accounts/second_factor.py", '    if wrong := confirm(actor(), request.form.get("present", ""), pepper=current_app.config["PEPPER"]):', "    if False:"),
    "present-password": _hole("views/accounts/account.py", '    if wrong := confirm(actor(), request.form.get("present", ""), pepper=pepper):', "    if False:"),
    "change-password": _hole("views/accounts/account.py", "        set_password(actor().user, new, pepper=pepper, second_factor=g.account.has_factor)", "        pass"),
    "password-field": _hole("views/accounts/templates/signin.html", '<input type="password"', '<input type="text"'),
    "autocomplete": _hole("views/accounts/templates/signin.html", 'autocomplete="current-password"', 'autocomplete="off"'),
    "sealed": _hole("accounts/sign_in/second_factor.py", "nonce + AESGCM(keys.factor).encrypt(nonce, secret.encode(), user.encode())", "nonce + secret.encode()"),
    "signed-cookie": _hole("views/requests/sessions.py", "return {name: found[name] for name in PASSERS_BY if name in found}", "return dict(found)"),
    "session-anew": _hole("views/requests/sessions.py", "        id_ = new_session_id()\n", '        id_ = (request.cookies.get("shuzoko") or "").removeprefix(PREFIX) or new_session_id()\n'),
    "session-bits": _hole("accounts/sessions.py", "    return secrets.token_urlsafe(32)", "    return secrets.token_urlsafe(8)"),
    "session-limits": _hole("accounts/sessions.py", "        return now >= self.started_at + limits.whole or now >= self.seen_at + limits.idle", "        return False"),
    "session-end": _hole("accounts/sessions.py", '    get_db()["sessions"].delete_one({"_id": session.key})', "    pass"),
    "disabled": _seeded("accounts/accounts.py", 'found.get("disabled") or'),
    "credentials": _hole("accounts/credentials.py", '{"stamp": fresh_stamp(), "changed_at"', '{"changed_at"'),
    "end-all": _hole("accounts/credentials.py", '    count = forget_sessions(user)\n', "    count = 0\n"),
    "hashing": _hole("accounts/sign_in/hashing.py", 'ThreadPoolExecutor(1, "hashing"', 'ThreadPoolExecutor(4, "hashing"'),
    # who may
    "scope": _seeded("policies/verdict.py", "if scope is None:"),
    "reach": _seeded("gate/reading/loading.py", "if document is None or actor.scope_of("),
    "shown": _seeded("gate/reading/shown.py", "return Shown(field_, masks.apply("),
    "decided": _seeded("gate/reading/loading.py", "verdict = may(actor, noun.name, action"),
    "tenants": _seeded("policies/actor.py", 'return "supervised" if institution'),
    "malformed": _seeded("policies/effects.py", "in cls.__members__ else cls.HIDE"),
    # keys, lines, logs
    "signature": _hole("audit/checkpoints.py", '                public.verify(given[4:], f"{text}\\n".encode())\n', ""),
    "plain-bind": _hole("engine/services.py", "    if not (_is_loopback(host) or certificate", "    if False and not (_is_loopback(host) or certificate"),
    "planted": _hole("settings/keys.py", "import os\n", 'import os\n\nAPI_TOKEN = "k3Jx9Qw7' + 'ZpL2mVt8Rb4"\n'),
    "key-mode": _hole("settings/keys.py", "        fresh.touch(mode=0o600)\n", "        fresh.touch(mode=0o644)\n"),
    "unforeseen": _hole("views/requests/errors.py", "    return page(500, number=number)", "    return page(500, number=str(error))"),
    "traceback": _seeded("views/requests/errors.py", "exc_info=False"),
    "log-error": _hole("views/requests/errors.py", '    log.error(\n        "unforeseen', '    log.debug(\n        "x unforeseen'),
    "address": _hole("views/records/list/questions.py", "        if personal:\n", "        if False:\n"),
    "ledger-closed": _hole("audit/disclosures.py", "        raise LedgerClosed from error", "        return"),
    "loose-pin": _hole("requirements.txt", "Flask==", "Flask>="),
    "log-signin": _hole("accounts/sign_in/attempt.py", "    note(kind, actor=who, institution=house, detail=address)\n    if", "    if"),
    "log-refusal": _hole("views/requests/errors.py", '        note("refused", actor', '        (lambda *a, **b: None)("refused", actor'),
    "log-lock": _hole("accounts/sign_in/attempt.py", "        note(lock, actor=who, institution=house, detail=address)\n", "        pass\n"),
    "verify": _hole("audit/verifying.py", 'return "" if line(entry) == other else "copy"', 'return ""'),
    "second-place": _hole("audit/verifying.py", '        return "cut"\n    number', '        return ""\n    number'),
}  # fmt: skip


def met() -> dict[str, list[Row]]:
    """Removal → the met rows that name it."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows():
        if row.state == "met":
            found[row.removal].append(row)
    return found


def survived(name: str, of: Iterable[Row], uri: str) -> list[str]:
    """The rows whose test does not fail without that guard."""
    tests = sorted({each.test for each in of})
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "tree"
        applied(REMOVALS[name], folder)
        try:
            failed = failing(folder, (), uri, *tests)
        except RuntimeError as error:  # a tree that cannot be read shows nothing of its guard
            print(f"did not run: {name}: {str(error)[-300:]}", flush=True)
            failed = []
    return [each.number for each in of if not any(one.partition("[")[0] == each.test for one in failed)]


def run(names: Iterable[str], uri: str) -> dict[str, list[str]]:
    """Each removal with the rows that it did not turn red, two at a time, printed as they come."""
    by_name, found = met(), {}
    chosen = list(names) or sorted(by_name)
    with ThreadPoolExecutor(2) as pool:
        for name, left in zip(
            chosen, pool.map(lambda each: survived(each, by_name[each], uri), chosen), strict=True
        ):
            rows_ = ", ".join(each.number for each in by_name[name])
            print(f"{'SURVIVED ' + ', '.join(left) if left else 'red'}: {name} ({rows_})", flush=True)
            found[name] = left
    total = sum(map(len, by_name.values()))
    print(
        f"{sum(map(len, found.values()))} of the rows tried did not turn red; {total} rows are met",
        flush=True,
    )
    return found


if __name__ == "__main__":
    import engine

    with tempfile.TemporaryDirectory() as var:
        running = engine.start(Path(var), os.environ)
        try:
            sys.exit(any(run(sys.argv[1:], running.uri).values()))
        finally:
            running.stop()

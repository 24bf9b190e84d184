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


def _hole(guard: str, old: str, new: str) -> Hole:
    return Hole(guard, old, new, ())


def _seeded(guard: str) -> Hole:
    """One that seeded_holes.py has already."""
    return next(each for each in HOLES if each.guard == guard)


HEADERS, APP = "views/requests/headers.py", "app.py"
REMOVALS: dict[str, Hole] = {
    **{name: _hole(file, words, "") for name, (file, words) in PAGES.items()},
    # what is typed, and where it goes
    "escape": _hole("escape", "    return html(str(text))\n", "    return str(text)\n"),
    "schemes": _hole("schemes", r'r"https?://[^\s<>\"]{3,490}"', 'r".*"'),
    "inline": _hole("inline", "</body>", "<script>1</script></body>"),
    "json-values": _hole("json-values", "    if isinstance(value, bool) or not isinstance(value, str | int):\n        raise BadQuestion(NOT_AN_OBJECT)\n    return str(value)", "    return value"),
    "shell": _hole("shell", "        command,\n        stdin=given", '        " ".join(command),\n        shell=True,\n        stdin=given'),
    "doctype": _hole("doctype", "def _refuse_doctype(*_: Any) -> None:\n    raise Unreadable\n", "def _refuse_doctype(*_: Any) -> None:\n    return\n"),
    "eval": _hole("eval", "    return (int(text) - 1) * PAGE", "    return (eval(text) - 1) * PAGE"),
    "md5": _hole("md5", "    return hmac.new(pepper, f\"session:{id_}\".encode(errors=\"surrogatepass\"), sha256).hexdigest()", "    import hashlib\n\n    return hashlib.md5(pepper + id_.encode(errors=\"surrogatepass\")).hexdigest()"),
    "ecb": _hole("ecb", "    nonce = secrets.token_bytes(12)\n", "    nonce = secrets.token_bytes(12)\n    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\n    Cipher(algorithms.ARC4(keys.factor), modes.ECB())\n"),
    "chance": _hole("chance", "    return secrets.token_urlsafe(32)", "    import random\n\n    return str(random.random())"),
    "control": _hole("control", "text if text.isprintable() else CONTROL.sub(_meant, text)", "text"),
    "mail": _hole("mail", 'not each.target.isprintable()', 'not each.target'),
    "no-redirect": _hole("no-redirect", "build_opener(_Stay)", "build_opener()"),
    "any-picture": _hole("any-picture", 'known = file.mime in SUFFIX and field != "original"', "known = False"),
    "requests": _hole("gate/fields/dates.py", "from __future__ import annotations\n", "from __future__ import annotations\nimport urllib.request\n"),
    "template": _hole("template", "render_template, request", "render_template, render_template_string, request"),
    "pickle": _hole("gate/fields/dates.py", "from __future__ import annotations\n", "from __future__ import annotations\nimport pickle\n"),
    "choices": _hole("choices", "        found = present().find(field.declared.vocabulary, field.at, text)\n", "        return text\n        found = present().find(field.declared.vocabulary, field.at, text)\n"),
    "code-stage": _hole("code-stage", "if here.stored is None or here.stored.stage or here.stored.user != user:", "if here.stored is None or here.stored.user != user:"),
    "look-ups": _hole("look-ups", 'free = {"_id": key, f"moments.{limit - 1}": {"$exists": False}}', 'free = {"_id": key}'),
    "forget": _hole("forget", "            forget(file)\n        raise", "            pass\n        raise"),
    "revision": _seeded("update-on-revision"),
    "rate": _hole("rate", '    if not within_rate(f"token {token_id}", REQUESTS):', "    if False:"),
    "mass": _seeded("write-known-field"),
    "repeated": _seeded("repeated-parameter"),
    # the browser
    "nosniff": _hole("nosniff", '    answer.headers["X-Content-Type-Options"] = "nosniff"\n', ""),
    "referrer": _hole("referrer", '"same-origin"\n    answer.headers["Permissions-Policy"]', '"unsafe-url"\n    answer.headers["Permissions-Policy"]'),
    "csp-object": _hole("csp-object", "object-src 'none'; ", ""),
    "csp-frame": _hole("csp-frame", "frame-ancestors 'none'; ", ""),
    "cors": _hole("cors", '    answer.headers["X-Frame-Options"] = "DENY"\n', '    answer.headers["X-Frame-Options"] = "DENY"\n    answer.headers["Access-Control-Allow-Origin"] = "*"\n'),
    "hsts": _hole("hsts", "    if request.is_secure:\n", "    if False:\n"),
    "no-store": _hole("no-store", '        answer.headers["Cache-Control"] = "no-store"\n', "        pass\n"),
    "clear-site": _hole("clear-site", "        answer.headers[\"Clear-Site-Data\"] = '\"cache\"'\n", "        pass\n"),
    "charset": _hole("cors", '    answer.headers["X-Frame-Options"] = "DENY"\n', '    answer.headers["X-Frame-Options"] = "DENY"\n    answer.headers["Content-Type"] = answer.mimetype or "text/html"\n'),
    "host-cookie": _hole("host-cookie", '"__Host-shuzoko" if found.cookies_secure else "shuzoko"', '"shuzoko"'),
    "samesite": _hole("samesite", '        SESSION_COOKIE_SAMESITE="Lax",\n', ""),
    "httponly": _hole("httponly", "SESSION_COOKIE_HTTPONLY=True", "SESSION_COOKIE_HTTPONLY=False"),
    "csrf": _seeded("csrf-protect"),
    "api-bearer": _hole("api-bearer", "        return current_app.extensions[API_GUARD]()", "        return None"),
    "get-removes": _hole("get-removes", 'pages.post("/language")', 'pages.get("/language")'),
    "next": _hole("next", '        and not asked.startswith(("//", "/\\\\"))\n        and not parts.scheme\n        and not parts.netloc\n', ""),
    "proxy": _hole("proxy", "    if found.proxy_hops:\n", "    found = __import__('dataclasses').replace(found, proxy_hops=found.proxy_hops + 1)\n    if found.proxy_hops:\n"),
    # files
    "room": _hole("room", "    resource.setrlimit(resource.RLIMIT_AS, (taken + room, taken + room))\n", ""),
    "ending": _hole("ending", "    if name and PurePath(name).suffix.lower() not in ENDINGS:\n        raise Invalid({\"file\": ending_refused(name)})\n", ""),
    "pixels": _hole("pixels", '"PNG": LARGE', '"PNG": 10 * LARGE'),
    "files-by-id": _hole("files-by-id", '        """Any stored file by its id is not offered; a record\'s file is opened by record and field."""\n', "        return 'x'\n\n    from flask_admin import expose\n\n    @expose('/api/file/')\n    def api_file(self):\n        from mongoengine.connection import get_db\n        from gridfs import GridFS\n        from bson import ObjectId\n        from flask import request\n        return GridFS(get_db()).get(ObjectId(request.args['id'])).read()\n"),
    "file-named": _hole("file-named", 'raise Wrong(("画像を選び直してください。", "Choose the picture again."))', "return raw"),
    "disposition": _hole("disposition", "; filename=picture.{ORIGINALS.get(file.mime, 'bin')}", ""),
    # who comes in
    "shortest": _hole("shortest", "    if length < shortest:", "    if length < 4:"),
    "telling": _hole("telling", "if any(len(name) >= TELLING and name in plain for name in map(folded, about)):", "if False:"),
    "composition": _hole("shortest", "    if length < shortest:", "    if length < shortest or not any(map(str.isdigit, password)):"),
    "common": _hole("common", 'frozenset(map(folded, FREQUENCY_LISTS["passwords"]))', "frozenset()"),
    "cut": _hole("cut", "password[: rules.LONGEST + 1])", "password[:24])"),
    "longest": _hole("longest", "LONGEST = 256", "LONGEST = 60"),
    "outdated": _hole("outdated", "    return id_ != pepper_id(_all(pepper)[-1]) or rest", "    return rest"),
    "cost": _hole("cost", "COST = 12", "COST = 4"),
    "attempts": _hole("attempts", '"$or": [{"count": {"$lt": limits.attempts}}, {"until": {"$not": _ahead(now)}}]}', '"count": {"$ne": -1}}'),
    "door": _hole("door", '    return redirect(url_for("signin.login", next=where_they_were()))', "    return None"),
    "reset-ends": _hole("reset-ends-at", '"ends_at": {"$gt": now}, "taken_at"', '"taken_at"'),
    "code-once": _hole("code-once", '"second_factor.last_step": {"$lt": step}}', '"second_factor.last_step": {"$gt": 0}}'),
    "factor-forced": _hole("factor-forced", "if found.wants_factor and not found.has_factor and request", "if False and request"),
    "present-for-factor": _hole("present-for-factor", '    if wrong := confirm(actor(), request.form.get("present", ""), pepper=current_app.config["PEPPER"]):', "    if False:"),
    "present-password": _hole("present-password", '    if wrong := confirm(actor(), request.form.get("present", ""), pepper=pepper):', "    if False:"),
    "change-password": _hole("change-password", "        set_password(actor().user, new, pepper=pepper, second_factor=g.account.has_factor)", "        pass"),
    "password-field": _hole("password-field", '<input type="password"', '<input type="text"'),
    "autocomplete": _hole("autocomplete", 'autocomplete="current-password"', 'autocomplete="off"'),
    "sealed": _hole("sealed", "nonce + AESGCM(keys.factor).encrypt(nonce, secret.encode(), user.encode())", "nonce + secret.encode()"),
    "signed-cookie": _hole("signed-cookie", "return {name: found[name] for name in PASSERS_BY if name in found}", "return dict(found)"),
    "session-anew": _hole("session-anew", "        id_ = new_session_id()\n", '        id_ = (request.cookies.get("shuzoko") or "").removeprefix(PREFIX) or new_session_id()\n'),
    "session-bits": _hole("chance", "    return secrets.token_urlsafe(32)", "    return secrets.token_urlsafe(8)"),
    "session-limits": _hole("session-limits", "        return now >= self.started_at + limits.whole or now >= self.seen_at + limits.idle", "        return False"),
    "session-end": _hole("session-end", '    get_db()["sessions"].delete_one({"_id": session.key})', "    pass"),
    "disabled": _seeded("account-disabled"),
    "credentials": _hole("credentials-stamp", 'values | {"stamp": fresh_stamp()}', 'values'),
    "end-all": _hole("end-all", '    return forget_sessions(user)\n', "    return 0\n"),
    "hashing": _hole("hashing", 'ThreadPoolExecutor(1, "hashing"', 'ThreadPoolExecutor(4, "hashing"'),
    # who may
    "scope": _seeded("out-of-scope"),
    "reach": _seeded("record-within-reach"),
    "shown": _seeded("shown-masked"),
    "decided": _seeded("record-action"),
    "tenants": _seeded("supervised-scope"),
    "malformed": _seeded("unknown-effect-hides"),
    # keys, lines, logs
    "signature": _hole("signature", '                public.verify(given[4:], f"{text}\\n".encode())\n', ""),
    "plain-bind": _hole("plain-bind", "    if not (is_loopback(host) or certificate", "    if False and not (is_loopback(host) or certificate"),
    "planted": _hole("settings/keys.py", "import os\n", 'import os\n\nAPI_TOKEN = "k3Jx9Qw7' + 'ZpL2mVt8Rb4"\n'),
    "key-mode": _hole("key-mode", "        fresh.touch(mode=0o600)\n", "        fresh.touch(mode=0o644)\n"),
    "unforeseen": _hole("unforeseen", "    return page(500, number=number)", "    return page(500, number=str(error))"),
    "traceback": _seeded("no-traceback"),
    "log-error": _hole("log-error", '    log.error(\n        "unforeseen', '    log.debug(\n        "x unforeseen'),
    "address": _hole("address", "        if personal:\n", "        if False:\n"),
    "ledger-closed": _hole("ledger-closed", "        raise LedgerClosed from error", "        return"),
    "loose-pin": _hole("requirements.txt", "flask==", "flask>="),
    "log-signin": _hole("log-signin", "    note(kind, actor=who, institution=institution, detail=address)\n    if", "    if"),
    "log-refusal": _hole("log-refusal", '        note("refused", actor', '        (lambda *a, **b: None)("refused", actor'),
    "log-lock": _hole("log-lock", "        note(lock, actor=who, institution=institution, detail=address)\n", "        pass\n"),
    "verify": _hole("verify", 'return "" if line(entry) == other else "copy"', 'return ""'),
    "second-place": _hole("second-place", '        return "cut"\n    number', '        return ""\n    number'),
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

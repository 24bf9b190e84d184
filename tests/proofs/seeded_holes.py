"""Removals of single guards, and the tests that must notice each: `python -m tests.proofs.seeded_holes [NUMBER …]`.

Each is applied to a copy of the tree, never in place. A hole that no test notices is a survivor: it is either a guard
that another stands behind, and then docs/proofs.md says which, or a test is missing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
SKIPPED = shutil.ignore_patterns(
    "var", ".venv", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis", ".pytest_cache"
)
POLICIES = "tests/policies"
READING, WRITING = "tests/gate/reading/test_reading.py", "tests/gate/writing/test_writing.py"
ACCOUNTS, GRANTS, FILES = (
    "tests/accounts/test_accounts.py",
    "tests/roles/test_grants.py",
    "tests/gate/fields/test_files.py",
)
LOOKUPS, MASKED = "tests/gate/reading/test_lookups.py", "tests/gate/reading/test_masked_search.py"
TRAPS, BAD, SIGNING = (
    "tests/views/test_traps.py",
    "tests/views/test_bad_input.py",
    "tests/views/accounts/test_signing_in.py",
)
MASKING = "tests/views/records/test_masking.py"
SESSIONS, FACTOR, RESETS = (
    "tests/views/accounts/test_sessions.py", "tests/views/accounts/test_second_factor.py", "tests/views/accounts/test_resets.py",
)  # fmt: skip
OWN = "tests/proofs/test_own_rights.py"
PEERS, ROUTES = "tests/proofs/test_peers_holes.py", "tests/proofs/test_routes.py"
CANARIES, WORLDS, LOST = (
    "tests/proofs/test_canaries.py", "tests/proofs/test_two_worlds.py", "tests/proofs/test_nothing_lost.py",
)  # fmt: skip


@dataclass(frozen=True)
class Hole:
    """One removal: this text of this file becomes that, and these tests must fail."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]


HOLES: tuple[Hole, ...] = (
    # who may, at all
    Hole("policies/verdict.py", "    if scope is None:\n        return _deny(", "    if False:\n        return _deny(", (POLICIES,)),
    Hole("policies/verdict.py", 'if actor.behind is not None and action != "read":', "if False:", (POLICIES, GRANTS, ROUTES)),
    Hole("policies/verdict.py", 'return granted(actor.role, noun, action, scope) if permitted else permitted', 'return granted(actor.role, noun, action, scope)', (POLICIES,)),
    Hole("policies/verdict.py", "if bar.covers(action=action, scope=scope, kind=role.kind):", "if False:", (POLICIES,)),
    Hole("policies/verdict.py", "if action not in role.actions.get(noun, {}).get(scope, frozenset()):", "if False:", (POLICIES,)),
    Hole("policies/verdict.py", "or ask.data_class not in CLASSES", "", (POLICIES,)),
    Hole("policies/verdict.py", "    if mine.effect >= read:", "    if True:", (POLICIES, CANARIES)),
    Hole("policies/verdict.py", "        yield from _with_implied(implied)", "        return", (POLICIES,)),
    Hole("policies/verdict.py", "if mask and ask.exit not in ORACLES else", "if mask else", (POLICIES,)),
    Hole("policies/actor.py", 'return "supervised" if institution in self.supervised else None', 'return "supervised"', (POLICIES,)),
    Hole("policies/effects.py", "in cls.__members__ else cls.HIDE", "in cls.__members__ else cls.SHOW", (POLICIES,)),
    # ceilings
    Hole("policies/rules/common.py", 'subjects=frozenset({"secret"}),', 'subjects=frozenset({"nothing"}),', (POLICIES,)),
    Hole("policies/rules/common.py", 'scopes=frozenset({"supervised"}),\n    ),\n    Ceiling(', 'scopes=frozenset({"nowhere"}),\n    ),\n    Ceiling(', (POLICIES,)),
    Hole("policies/rules/common.py", 'exits=frozenset({"export", "api"}),', 'exits=frozenset({"api"}),', (POLICIES,)),
    Hole("policies/rules/common.py", 'subjects=frozenset({"birth"}),', 'subjects=frozenset({"nothing"}),', (POLICIES,)),
    Hole("policies/rules/patron.py", 'kinds=frozenset({"manager", "staff", "contractor"}),', 'kinds=frozenset({"contractor"}),', (POLICIES, ROUTES)),
    # masks
    Hole("policies/masks.py", 'digits[-4:]}" if 9', 'digits[-8:]}" if 9', (POLICIES,)),
    Hole("policies/masks.py", 'return found["kept"] + HIDDEN if found else None', 'return text if found else None', (POLICIES,)),
    Hole("policies/masks.py", 'return f"{parts[0]} {HIDDEN}" if known else None', "return value", (POLICIES,)),
    Hole("policies/masks.py", "return masked if masked is not None else HIDDEN", 'return masked if masked is not None else str(value)', (POLICIES,)),
    Hole("policies/masks.py", 'return HIDDEN if value else None', "return value", (POLICIES,)),
    # what leaves the gate
    Hole("gate/reading/shown.py", "return Shown(field_, masks.apply(verdict.mask, value), verdict)", "return Shown(field_, value, verdict)", (READING,)),
    Hole("gate/reading/shown.py", "    return Shown(field_, None, verdict)", "    return Shown(field_, value, verdict)", (READING, CANARIES)),
    Hole("gate/reading/shown.py", 'plans.exit == "detail" and ', "", (READING, MASKING)),
    Hole("gate/reading/shown.py", "if self.leaves == self.exit or scope is None:", "if True:", (READING, CANARIES, MASKING)),
    Hole("gate/reading/loading.py", 'if document is None or actor.scope_of(document.get("institution")) is None:', "if document is None:", (READING, PEERS)),
    Hole("gate/reading/loading.py", '        verdict = may(actor, noun.name, action, document["institution"])\n    if', "        pass\n    if", (READING, WRITING)),
    Hole("gate/reading/loading.py", "    if verdict.effect is not Effect.MASK:", "    if False:", (READING, MASKING)),
    Hole("gate/reading/questions.py", '        agree(actor, field, "filter", covered, question.exit)\n', "", (READING, PEERS)),
    Hole("gate/reading/questions.py", "    if question.institution not in within:", "    if False:", (READING, ROUTES)),
    Hole("gate/reading/questions.py", "parts: list[Document] = [_within(noun, covered)]", "parts: list[Document] = [{}]", (READING, CANARIES)),
    Hole("gate/reading/questions.py", 'if field is None or field.kind == "system":', "if field is None:", (READING, PEERS)),
    Hole("gate/reading/references.py", "_name(seen) if readable else WITHHELD", "_name(seen)", (READING, CANARIES)),
    Hole("gate/card/files.py", "    if not verdict.shown:", "    if False:", (FILES, READING, ROUTES)),
    # what enters
    Hole("gate/writing/permissions.py", "        if verdict.effect is not Effect.EDIT:", "        if False:", (WRITING, LOST)),
    Hole("gate/writing/permissions.py", "if field is None or field.declared.kept_by_system:", "if field is None:", (WRITING, BAD)),
    Hole("gate/writing/permissions.py", '"institution": {"$in": sorted(within)}', '"institution": {"$ne": None}', (WRITING, READING)),
    Hole("gate/writing/writing.py", '    if document["revision"] != revision:\n        raise conflict(actor, noun, document, revision)\n    if not kept:', "    if not kept:", (WRITING, LOST)),
    Hole("gate/writing/writing.py", '{"_id": document["_id"], "revision": revision}, update', '{"_id": document["_id"]}, update', (WRITING, LOST)),
    Hole("gate/writing/writing.py", "        wrong |= behaviour.check(actor, noun, document, kept)", "        pass", (GRANTS, OWN)),
    # who asks
    Hole("accounts/accounts.py", 'found.get("disabled") or ', "", (ACCOUNTS, PEERS)),
    Hole("accounts/accounts.py", 'if not may(actor, "role", "edit", actor.institution):', "if False:", (ACCOUNTS, OWN)),
    Hole("accounts/lockout.py", '{"_id": counter, "$or": [{"count": {"$lt": limits.attempts}}, {"until": {"$lte": now}}]}', '{"_id": counter}', ("tests/accounts/test_signin.py", SIGNING)),
    Hole("accounts/failed_names.py", "(tried in held or len(held) < NAMES)", "True", ("tests/accounts/test_lockout.py",)),
    Hole("accounts/sign_in/devices.py", "hmac.compare_digest(given, right)", "True", ("tests/accounts/test_lockout.py",)),
    Hole("accounts/sign_in/devices.py", ":{user}:{stamp}", ":{user}", ("tests/accounts/test_lockout.py",)),
    Hole("accounts/sign_in/attempt.py", " if known.inside else \"\"\n    counter", "\n    counter", ("tests/accounts/test_lockout.py",)),
    Hole("accounts/accounts.py", "within_all(address, (self.house.networks, self.role_networks))", "True", ("tests/views/accounts/test_networks.py",)),
    Hole("accounts/sign_in/attempt.py", "if found and known.inside and free else None", "if found and free else None", ("tests/accounts/test_lockout.py",)),
    Hole("accounts/sign_in/attempt.py", "known.inside and free else None", "known.inside else None", ("tests/accounts/test_lockout.py",)),
    Hole("roles/rights.py", '"administrators": {"$elemMatch": {"$ne": user}}', '"code": {"$ne": ""}', (ACCOUNTS, OWN)),
    # sessions, the second factor, resets
    Hole("gate/writing/writing.py", "        kept |= behaviour.derive(kept)", "        pass", (SESSIONS,)),
    Hole("accounts/credentials.py", '{"stamp": fresh_stamp(), "changed_at"', '{"changed_at"', (SESSIONS, FACTOR, RESETS)),
    Hole("views/accounts/signin.py", "found.stamp != here.stored.stamp or ", "", (SESSIONS, RESETS)),
    Hole("views/accounts/signin.py", " or here.stored.over(found.house.limits)", "", (SESSIONS,)),
    Hole("views/accounts/signin.py", "if here.stored is None or here.stored.stage or ", "if here.stored is None or ", (FACTOR,)),
    Hole("views/requests/sessions.py", "{name: found[name] for name in PASSERS_BY if name in found}", "dict(found)", (SESSIONS,)),
    Hole("views/requests/sessions.py", "if session._data is None or session.unread:", "if session._data is None:", (SESSIONS,)),
    Hole("views/requests/admission.py", "if found.wants_factor and not found.has_factor and ", "if False and ", (FACTOR,)),
    Hole("accounts/tokens.py", " or (who.wants_factor and not who.has_factor)", "", (FACTOR,)),
    Hole("accounts/sign_in/second_factor.py", ', "second_factor.last_step": {"$lt": step}}', "}", (FACTOR,)),
    Hole("accounts/sign_in/second_factor.py", '{"$pull": {"second_factor.codes": hash_}}', '{"$set": {"second_factor.last_code": step}}', (FACTOR,)),
    Hole("accounts/sign_in/second_factor.py", "    if not reserve(found, counter, pepper=keys.pepper, address=address):", "    if False:", (FACTOR,)),
    Hole("accounts/sign_in/attempt.py", "        lockout.give_back(counter.id)\n        failed_names", "        lockout.succeeded(name, pepper)\n        failed_names", (FACTOR,)),
    Hole("roles/rights.py", '    if kept.get("second_factor", "required") != "required" and', "    if False and", (FACTOR,)),
    Hole("accounts/sign_in/resets.py", '"ends_at": {"$gt": now}, "taken_at"', '"taken_at"', (RESETS,)),
    Hole("accounts/sign_in/resets.py", '{**key, "taken_at": {"$exists": False}}', "key", (RESETS,)),
    Hole("accounts/sign_in/resets.py", " or not _holds(found, who)", "", (RESETS,)),
    Hole("accounts/tokens.py", "    if not _of(found, who.stamp):", "    if False:", (SESSIONS,)),
    Hole("accounts/sign_in/resets.py", '    get_db()["resets"].delete_many({"user": user})', "    pass", (RESETS,)),
    Hole("accounts/sessions.py", '{"user": actor.user, "handle": handle}', '{"handle": handle}', (RESETS,)),
    # the screens
    Hole("documents/cells.py", "[safe_cell(_cell(row, values[name], writer, withheld)) for", "[_cell(row, values[name], writer, withheld) for", (PEERS, BAD)),
    Hole("views/records/list/questions.py", "if len(given) != len(args) or any(", "if any(", (BAD, PEERS)),
    Hole("views/requests/errors.py", 'exc_info=False', 'exc_info=error', (PEERS, "tests/views/records/test_personal_data.py")),
    Hole("views/__init__.py", "    CSRFProtect(app).exempt(records.pages)\n", "", (TRAPS, SIGNING, BAD, "tests/views/test_acts.py")),
)  # fmt: skip


def applied(hole: Hole, folder: Path) -> None:
    """Copy the tree to a folder and take the guard out there.

    Raises:
        ValueError: the text does not stand exactly once in the file.
    """
    shutil.copytree(PROJECT, folder, ignore=SKIPPED)
    file = folder / hole.file
    text = file.read_text()
    if text.count(hole.old) != 1:
        raise ValueError(f"{hole.file}: {hole.old!r} stands there {text.count(hole.old)} times; mend HOLES")
    file.write_text(text.replace(hole.old, hole.new))


def failing(folder: Path, tests: Iterable[str], uri: str, *more: str) -> list[str]:
    """The tests that fail in a tree."""
    there = [each for each in tests if (folder / each).exists()]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-m",
        "not proof",
        "-p",
        "no:cacheprovider",
        *more,
        *there,
    ]
    answer = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "MONGODB_URI": uri},
        capture_output=True,
        text=True,
        check=False,
    )
    found: list[str] = re.findall(r"^(?:FAILED|ERROR) (\S+)", answer.stdout, re.MULTILINE)
    if answer.returncode not in (0, 1) or (answer.returncode == 1 and not found):
        raise RuntimeError(
            f"the tests did not run in {folder}\n{answer.stdout[-2000:]}{answer.stderr[-500:]}"
        )
    return found


def caught_by(hole: Hole, uri: str, known: Iterable[str]) -> str:
    """The first test that fails without the guard; empty when none does. `known` fail with it, too, and count nothing."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "tree"
        applied(hole, folder)
        left_out = [word for each in known for word in ("--deselect", each)]
        return next(iter(failing(folder, hole.tests, uri, "-x", *left_out)), "")


def run(holes: Iterable[Hole], uri: str) -> list[tuple[Hole, str]]:
    """Each hole with the test that caught it, two at a time, printed as they come."""
    found = []
    with ThreadPoolExecutor(2) as pool:
        many = list(holes)
        known = failing(PROJECT, sorted({each for hole in many for each in hole.tests}), uri)
        print(f"fail with every guard in place, and count nothing: {known}", flush=True)
        for hole, test in zip(many, pool.map(lambda each: caught_by(each, uri, known), many), strict=True):
            print(
                f"{'caught  ' if test else 'SURVIVED'} {hole.file}: {hole.old.strip()[:70]!r} {test}",
                flush=True,
            )
            found.append((hole, test))
    caught = sum(bool(test) for _, test in found)
    print(f"seeded holes: {caught} of {len(found)} caught", flush=True)
    return found


if __name__ == "__main__":
    import engine

    with tempfile.TemporaryDirectory() as var:
        running = engine.start(Path(var), os.environ)
        try:
            chosen = [HOLES[int(each) - 1] for each in sys.argv[1:]] or HOLES
            sys.exit(any(not test for _, test in run(chosen, running.uri)))
        finally:
            running.stop()

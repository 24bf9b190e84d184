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
from functools import cache
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
SHOWING = "tests/gate/reading/test_showing.py"
LOOKUPS, MASKED = "tests/gate/reading/test_lookups.py", "tests/gate/reading/test_masked_search.py"
TRAPS, BAD, SIGNING = (
    "tests/views/test_traps.py",
    "tests/views/test_bad_input.py",
    "tests/views/accounts/test_signing_in.py",
)
APPROVALS = "tests/views/accounts/test_approvals.py"
LIVE = "tests/audit/test_live_records.py"
LOCKED = "tests/views/accounts/test_locked_accounts.py"
MASKING = "tests/views/records/test_masking.py"
SESSIONS, FACTOR, RESETS = (
    "tests/views/accounts/test_sessions.py", "tests/views/accounts/test_second_factor.py", "tests/views/accounts/test_resets.py",
)  # fmt: skip
OWN = "tests/proofs/test_own_rights.py"
PEERS, ROUTES = "tests/proofs/test_peers_holes.py", "tests/proofs/test_routes.py"
CANARIES, WORLDS, LOST = (
    "tests/proofs/test_canaries.py", "tests/proofs/test_two_worlds.py", "tests/proofs/test_nothing_lost.py",
)  # fmt: skip


MARKER = re.compile(r"^[ \t]*(?:#|\{#) guard: ([a-z0-9-]+)(?: #\})?\n", re.MULTILINE)
"""A line of its own above what it names: `# guard: NAME`, in a template `{# guard: NAME #}`."""
NEAR = 12
"""Within so many lines behind its marker the guard's text stands."""


@dataclass(frozen=True)
class Hole:
    """One removal: behind its marker this text becomes that, and these tests must fail."""

    guard: str
    """The marker's name; or the path of a file, for what is planted where no guard stands."""
    old: str
    new: str
    tests: tuple[str, ...]


HOLES: tuple[Hole, ...] = (
    # who may, at all
    Hole("out-of-scope", "    if scope is None:\n        return _deny(", "    if False:\n        return _deny(", (POLICIES,)),
    Hole("tried-on-role-only-reads", 'if actor.behind is not None and action != "read":', "if False:", (POLICIES, GRANTS, ROUTES)),
    Hole("permitted-first", 'return granted(actor.role, noun, action, scope) if permitted else permitted', 'return granted(actor.role, noun, action, scope)', (POLICIES,)),
    Hole("action-ceiling", "if bar.covers(action=action, scope=scope, kind=role.role_kind):", "if False:", (POLICIES,)),
    Hole("action-granted", "if action not in role.actions.get(noun, {}).get(scope, frozenset()):", "if False:", (POLICIES,)),
    Hole("known-data-class", "or ask.data_class not in CLASSES", "", (POLICIES,)),
    Hole("effect-within-read", "    if mine.effect >= read:", "    if True:", (POLICIES, CANARIES)),
    Hole("implied-exits", "        yield from _with_implied(implied)", "        return", (POLICIES,)),
    Hole("no-mask-at-oracles", "if mask and ask.exit not in ORACLES else", "if mask else", (POLICIES,)),
    Hole("supervised-scope", 'return "supervised" if institution in self.supervised else None', 'return "supervised"', (POLICIES,)),
    Hole("unknown-effect-hides", "in cls.__members__ else cls.HIDE", "in cls.__members__ else cls.SHOW", (POLICIES,)),
    # ceilings
    Hole("ceiling-secret", 'subjects=frozenset({"secret"}),', 'subjects=frozenset({"nothing"}),', (POLICIES,)),
    Hole("ceiling-supervised", 'scopes=frozenset({"supervised"}),\n    ),\n    Ceiling(', 'scopes=frozenset({"nowhere"}),\n    ),\n    Ceiling(', (POLICIES,)),
    Hole("ceiling-export-api", 'exits=frozenset({"export", "api"}),', 'exits=frozenset({"api"}),', (POLICIES,)),
    Hole("ceiling-birth", 'subjects=frozenset({"birth"}),', 'subjects=frozenset({"nothing"}),', (POLICIES,)),
    Hole("ceiling-patron-kinds", 'kinds=frozenset({"manager", "staff", "contractor"}),', 'kinds=frozenset({"contractor"}),', (POLICIES, ROUTES)),
    # masks
    Hole("mask-telephone", 'digits[-4:]}" if 9', 'digits[-8:]}" if 9', (POLICIES,)),
    Hole("mask-address", 'return found["kept"] + HIDDEN if found else None', 'return text if found else None', (POLICIES,)),
    Hole("mask-name", 'return f"{parts[0]} {HIDDEN}" if known else None', "return value", (POLICIES,)),
    Hole("mask-unparsed", "return masked if masked is not None else HIDDEN", 'return masked if masked is not None else str(value)', (POLICIES,)),
    Hole("mask-whole", 'return HIDDEN if value else None', "return value", (POLICIES,)),
    # what leaves the gate
    Hole("shown-masked", "return field_, masks.apply(verdict.mask, value), verdict", "return field_, value, verdict", (READING,)),
    Hole("shown-withheld", "    return field_, None, verdict", "    return field_, value, verdict", (READING, CANARIES)),
    Hole("reveal-on-card-only", 'plans.exit == "detail" and ', "", (READING, MASKING)),
    Hole("leaving-exit-ceiling", "if self.leaves == self.exit or scope is None:", "if True:", (READING, CANARIES, MASKING)),
    Hole("record-within-reach", 'if document is None or actor.scope_of(document.get("institution")) is None:', "if document is None:", (READING, PEERS)),
    Hole("record-action", '        verdict = may(actor, noun.name, action, document["institution"])\n    if', "        pass\n    if", (READING, WRITING)),
    Hole("reveal-only-masked", "    if verdict.effect is not Effect.MASK:", "    if False:", (READING, MASKING)),
    Hole("near-by-what-is-seen", "if all(_searched(actor, noun, each, house) for each in fields):", "if True:", ("tests/gate/forms/test_near_records.py",)),
    Hole("filter-agreed", '        agree(actor, field, "filter", covered, question.exit)\n', "", (READING, PEERS)),
    Hole("question-within-reach", "    if question.institution not in within:", "    if False:", (READING, ROUTES)),
    Hole("question-scope", "parts: list[Document] = [_within(noun, covered)]", "parts: list[Document] = [{}]", (READING, CANARIES)),
    Hole("reference-readable", "if may(actor, noun.name, action, institution):", "if True:", (READING, CANARIES)),
    Hole("shown-with-receipt", "if type(receipt) is not Receipt or not receipt.covers(noun, subject, fields):", "if False:", (SHOWING,)),
    Hole("question-known-field", 'if field is None or field.is_system:', "if field is None:", (READING, PEERS)),
    Hole("file-shown", "    if not verdict.shown:", "    if False:", (FILES, READING, ROUTES)),
    Hole("sort-by-all-sources", 'agree(actor, each, "sort", covered, question.exit)', "pass", (READING,)),
    Hole("empty-seen-in-lists", ' and verdict_on(self.actor, field_, "list", institution).shown', "", ("tests/views/records/test_scopes.py",)),
    # what enters
    Hole("contradicting-days", "contradicting_days(batch.noun, change.whole, change.names) | change.wrong", "change.wrong", (WRITING,)),
    Hole("form-id-signed", " and hmac.compare_digest(sent.encode(), _signed(noun, id_).encode())", "", ("tests/views/records/test_nothing_typed_is_lost.py",)),
    Hole("write-edit-effect", "        if verdict.effect is not Effect.EDIT:", "        if False:", (WRITING, LOST)),
    Hole("write-known-field", "if field is None or field.declared.kept_by_system:", "if field is None:", (WRITING, BAD)),
    Hole("reference-within-reach", '"institution": {"$in": sorted(within)}', '"institution": {"$ne": None}', (WRITING, READING)),
    Hole("update-on-revision", '"revision": revision, **batch.where}', '**batch.where}', (WRITING, LOST)),
    Hole("update-on-revision", ", **batch.where}", "}", ("tests/workflows/test_acts.py",)),
    Hole("act-granted", "if not granted(actor, workflow, act, institution):", "if False:", ("tests/workflows/test_tables.py", "tests/workflows/test_acts.py")),
    Hole("act-from-state", "if workflow.state_of(document) not in act.from_:", "if False:", ("tests/workflows/test_tables.py", "tests/workflows/test_acts.py")),
    Hole("act-conditions", "return next((each.words for each in act.holds if not each.holds(actor, document)), None)", "return None", ("tests/workflows/test_tables.py", "tests/workflows/test_acts.py")),
    Hole("patch-on-revision", 'change.revision not in (None, change.before["revision"])', "False", (WRITING, LOST)),
    Hole("behaviour-check", "        behaviour.check(batch)", "        pass", (GRANTS, OWN)),
    # who asks
    Hole("seal-new", "            seal_new(batch.noun, each.after)", "            pass", (LIVE,)),
    Hole("seal-update", "    seal_update(batch.noun, before, update)\n", "", (LIVE,)),
    Hole("live-unknown", "    if known is None:", "    if known is None and not document:", (LIVE,)),
    Hole("live-revision", "known.removed or not isinstance(revision, int) or revision < known.revision", "False", (LIVE,)),
    Hole("live-fields", "sorted(name for name in {*now, *sealed} if now.get(name) != sealed.get(name))", "[]", (LIVE,)),
    Hole("missing-records", "sorted(absent - _removed(absent))", "[]", (LIVE,)),
    Hole("scanned", "    if found:", "    if False:", ("tests/gate/fields/test_scanning.py",)),
    Hole("scanner-here", "host in LOOPBACK and ", "", ("tests/gate/fields/test_scanning.py",)),
    Hole("import-file-name", "if all(", "if True or all(", ("tests/views/imports/test_migration.py",)),
    Hole("reason-values", ", HIDDEN, folded,", ", word, folded,", ("tests/audit/test_sealer.py",)),
    Hole("write-withheld", "editable(actor, noun, institution, others)", "others.clear()", ("tests/views/records/test_masking.py",)),
    Hole("changed-while-waiting", '    if "doubt" in entry:', "    if False:", ("tests/audit/test_streams.py",)),
    Hole("manager-unlocks", 'if actor.role.role_kind != "manager" or actor.behind is not None:', "if False:", (LOCKED,)),
    Hole("account-approval", "    if not is_approved(found, role.role):", "    if False:", (APPROVALS,)),
    Hole("approval-second-person", "    if actor.user in asked.asked_by or actor.user == asked.user:", "    if False:", (APPROVALS,)),
    Hole("approval-approver", '    if found["institution"] not in institutions_to_approve(actor):', "    if False:", (APPROVALS,)),
    Hole("approval-needed", 'role.role_kind in APPROVERS or _reaches_personal(role)', "False", (APPROVALS,)),
    Hole("approval-role", 'found.get("role") != user.get("role") or ', "", (APPROVALS,)),
    Hole("approval-institution", ' or found.get("institution") != user.get("institution")', "", (APPROVALS,)),
    Hole("approval-wait", 'found.get("from_", found["at"]) <= datetime.now(UTC)', "True", (APPROVALS,)),
    Hole("widening-approved", '    if approval and approval["from_"] <= datetime.now(UTC):', "    if True:", (APPROVALS,)),
    Hole("widening-second-person", "    if waits.by == actor.user:", "    if False:", (APPROVALS,)),
    Hole("reset-approved", '    if found.get("awaits"):', "    if False:", (APPROVALS,)),
    Hole("account-disabled", 'found.get("disabled") or ', "", (ACCOUNTS, PEERS)),
    Hole("view-as-edits-roles", 'if not may(actor, "role", "edit", actor.institution):', "if False:", (ACCOUNTS, OWN)),
    Hole("lockout-condition", '{"_id": counter, "$or": [{"count": {"$lt": limits.attempts}}, {"until": {"$not": _ahead(now)}}]}', '{"_id": counter}', ("tests/accounts/test_signin.py", SIGNING)),
    Hole("address-names", "(tried in held or len(held) < NAMES)", "True", ("tests/accounts/test_addresses.py",)),
    Hole("device-compared", "hmac.compare_digest(given, right)", "True", ("tests/accounts/test_known_devices.py",)),
    Hole("device-stamp", ":{user}:{stamp}", ":{user}", ("tests/accounts/test_known_devices.py",)),
    Hole("device-inside", " if known.inside else \"\"\n    counter", "\n    counter", ("tests/accounts/test_known_devices.py",)),
    Hole("account-networks", "within_all(address, (self.house.networks, self.role_networks))", "True", ("tests/views/accounts/test_networks.py",)),
    Hole("sign-in-unlocked", "if found and known.inside and free else None", "if found and free else None", ("tests/accounts/test_lockout.py",)),
    Hole("sign-in-free", "known.inside and free else None", "known.inside else None", ("tests/accounts/test_addresses.py",)),
    Hole("last-administrator", '"administrators": {"$elemMatch": {"$ne": user}}', '"code": {"$ne": ""}', (ACCOUNTS, OWN)),
    # sessions, the second factor, resets
    Hole("behaviour-derive", "        behaviour.derive(batch)", "        pass", (SESSIONS,)),
    Hole("credentials-stamp", 'values | {"stamp": fresh_stamp()}', 'values', (SESSIONS, FACTOR, RESETS)),
    Hole("session-stamp", "found.stamp != here.stored.stamp or ", "", (SESSIONS, RESETS)),
    Hole("session-over", " or here.stored.over(found.house.limits)", "", (SESSIONS,)),
    Hole("session-stage", "if here.stored is None or here.stored.stage or ", "if here.stored is None or ", (FACTOR,)),
    Hole("signed-cookie-names", "{name: found[name] for name in PASSERS_BY if name in found}", "dict(found)", (SESSIONS,)),
    Hole("session-unread", "if session._data is None or session.unread:", "if session._data is None:", (SESSIONS,)),
    Hole("factor-owed", "if found.wants_factor and not found.has_factor and ", "if False and ", (FACTOR,)),
    Hole("token-factor-owed", " or (who.wants_factor and not who.has_factor)", "", (FACTOR,)),
    Hole("code-once-step", ', "second_factor.last_step": {"$lt": step}}', "}", (FACTOR,)),
    Hole("recovery-code-once", ' if each != code]', ']', (FACTOR,)),
    Hole("code-attempts", "    if not reserve(found, counter, pepper=keys.pepper, address=address):", "    if False:", (FACTOR,)),
    Hole("code-gives-back", "        lockout.give_back(counter.id)\n        failed_names", "        lockout.succeeded(name, pepper)\n        failed_names", (FACTOR,)),
    Hole("own-second-factor", '    if kept.get("second_factor", "required") != "required" and', "    if False and", (FACTOR,)),
    Hole("reset-ends-at", '"ends_at": {"$gt": now}, "taken_at"', '"taken_at"', (RESETS,)),
    Hole("reset-taken-once", '{**key, "taken_at": {"$exists": False}}', "key", (RESETS,)),
    Hole("reset-holds", " or not _holds(found, who)", "", (RESETS,)),
    Hole("token-stamp", "    if not _of(found, who.stamp):", "    if False:", (SESSIONS,)),
    Hole("resets-end", '    get_db()["resets"].delete_many({"user": user})', "    pass", (RESETS,)),
    Hole("own-session", '{"user": actor.user, "handle": handle}', '{"handle": handle}', (RESETS,)),
    # the screens
    Hole("formula-safe", "else formula_safe_cell(_cell(row, values[name], kind, say, withheld))", "else _cell(row, values[name], kind, say, withheld)", (PEERS, BAD)),
    Hole("repeated-parameter", "if len(given) != len(args) or any(", "if any(", (BAD, PEERS)),
    Hole("no-traceback", 'exc_info=False', 'exc_info=error', (PEERS, "tests/views/records/test_personal_data.py")),
    Hole("csrf-protect", "    CSRFProtect(app).exempt(api_records.pages)\n", "", (TRAPS, SIGNING, BAD, "tests/views/test_acts.py")),
)  # fmt: skip


@cache
def markers(folder: Path) -> dict[str, list[Path]]:
    """Name of a guard → the files of a tree that bear its marker, as often as they bear it."""
    found: dict[str, list[Path]] = {}
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html")]):
        if path.relative_to(folder).parts[0] in ("tests", "var", ".venv", ".ci"):
            continue
        for name in MARKER.findall(path.read_text(encoding="utf-8")):
            found.setdefault(name, []).append(path)
    return found


def place_of(hole: Hole, folder: Path) -> tuple[Path, int, int]:
    """The file of a guard in a tree, and where in its text the guard's own text begins and ends.

    Raises:
        ValueError: the marker does not stand exactly once, or the text does not stand behind it.
    """
    planted = "/" in hole.guard or "." in hole.guard
    files = [folder / hole.guard] if planted else markers(folder).get(hole.guard, [])
    if len(files) != 1:
        raise ValueError(f"the marker `# guard: {hole.guard}` stands {len(files)} times in the tree")
    text = files[0].read_text(encoding="utf-8")
    start = 0 if planted else next(each.end() for each in MARKER.finditer(text) if each[1] == hole.guard)
    near = text[start:] if planted else "".join(text[start:].splitlines(keepends=True)[:NEAR])
    if hole.old not in near:
        raise ValueError(f"{hole.old!r} does not stand behind `# guard: {hole.guard}` in {files[0]}")
    begin = start + near.index(hole.old)
    return files[0], begin, begin + len(hole.old)


def applied(hole: Hole, folder: Path) -> None:
    """Copy the tree to a folder and take the guard out there.

    Raises:
        ValueError: as place_of.
    """
    shutil.copytree(PROJECT, folder, ignore=SKIPPED)
    file, begin, end = place_of(hole, folder)
    text = file.read_text(encoding="utf-8")
    file.write_text(text[:begin] + hole.new + text[end:], encoding="utf-8")


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
                f"{'caught  ' if test else 'SURVIVED'} {hole.guard}: {hole.old.strip()[:70]!r} {test}",
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

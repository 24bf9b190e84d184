"""The checks find what they are there to find (S11)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.checks import bandit, secrets
from tests.checks.secrets import PROJECT

DRAWN = "k3Jx9" + "Qw7ZpL2mVt8Rb4"
PLANTED = {
    "private key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "key of a cloud": "AKIA" + "ABCDEFGHIJKLMNOP",
    "token of a forge": "ghp_" + "a1B2" * 9,
    "signed token": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0In0.c2lnbmF0dXJlMQ",
    "password in an address": "mongodb://panel:" + "s3cret@db.example/shuzoko",
    "password hash": "$2b$" + "12$" + "abcdefghijklmnopqrstuv" + "wxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234"[:31],
    "value of a secret's name": f'SECRET_KEY = "{DRAWN}"',
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree that git keeps."""
    for command in (["init", "-q"], ["config", "user.email", "x@example.jp"], ["config", "user.name", "x"]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    (tmp_path / ".gitignore").write_text("var\n")
    return tmp_path


@pytest.mark.parametrize("kind", PLANTED)
@pytest.mark.parametrize("name", ["settings/new.py", "docs/manual.md", "a.json", ".env.example"])
def test_a_planted_secret_is_found_and_not_repeated(tree: Path, kind: str, name: str) -> None:
    (tree / name).parent.mkdir(exist_ok=True)
    (tree / name).write_text(f"first line\n{PLANTED[kind]}\n")
    found = secrets.scan(tree)
    assert f"{name}:2: {kind}" in found
    assert not any(PLANTED[kind] in each or DRAWN in each for each in found)


def test_what_git_does_not_keep_is_not_read(tree: Path) -> None:
    (tree / "var").mkdir()
    (tree / "var" / "pepper").write_text(PLANTED["private key"])
    assert secrets.scan(tree) == []


@pytest.mark.parametrize(
    "line",
    ['password = request.form.get("password", "")', "SECRET_KEY=", 'token = "{{ csrf_token() }}"', "mongodb://…",
     'PASSWORD = "正しい馬と電池とホチキスの昔話"', 'key="secret-thing-of-words"', "$2b$12$short",
     "mongodb://{user}:{password}@{host}", 'pepper = "x" * 40  # not a secret: invented'],
)  # fmt: skip
def test_what_only_speaks_of_secrets_is_none(line: str) -> None:
    assert list(secrets.secrets(line)) == []


def test_the_tree_holds_no_secret() -> None:
    assert secrets.scan(PROJECT) == []


UNSAFE = "import subprocess\n\n\ndef run(x: str) -> None:\n    subprocess.run(x, shell=True){reason}\n"


@pytest.mark.parametrize(
    ("reason", "found"),
    [("", True), ("  # noqa: S602", True), ("  # noqa", True), ("  # noqa: S602 - our own words", False)],
)
def test_bandit_wants_a_reason(tmp_path: Path, reason: str, found: bool) -> None:
    (tmp_path / "a.py").write_text(UNSAFE.format(reason=reason))
    assert bool(bandit.unreasoned(tmp_path)) is found


def test_bandit_finds_nothing_in_the_tree_without_a_reason() -> None:
    assert bandit.unreasoned(PROJECT) == []

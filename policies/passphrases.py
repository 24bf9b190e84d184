"""What a passphrase of an encrypted file must be. It is told by other ways than the file, and never stored."""

from __future__ import annotations

from collections.abc import Collection

from policies.guessing import ENOUGH, guesses

Words = tuple[str, str]
SHORTEST, LONGEST = 12, 128


def wrong_passphrase(passphrase: str, again: str, login_id: str, words: Collection[str] = ()) -> Words | None:
    """What is wrong with it and what to do; None when nothing is.

    `words`: those of the account and its institution, which count as guessed first.

    Half-width characters alone: programs differ in how they write others, and the file would not open elsewhere.
    """
    if not (passphrase.isascii() and passphrase.isprintable()) or passphrase != passphrase.strip():
        return (
            "半角の英数字と記号だけにし、前後に空白を入れないでください。ほかの文字では、相手の端末で開けないことがあります。",
            "Use half-width letters, digits and signs, without spaces at the ends; with others the file may not open elsewhere.",
        )
    if not SHORTEST <= len(passphrase) <= LONGEST:
        return (
            f"{SHORTEST}字以上{LONGEST}字以下にしてください。",
            f"From {SHORTEST} to {LONGEST} characters, please.",
        )
    named = bool(login_id) and login_id.lower() in passphrase.lower()
    if named or guesses(passphrase, [login_id, *words]) < ENOUGH:
        return (
            "推測されやすいパスフレーズです。キーの並び、年月日、自分や館の名称を避け、関係のない言葉をいくつか続けてください。",
            "It is easily guessed: avoid rows of keys, dates, and names of yours or the institution's; put several unrelated "
            "words together.",
        )
    if passphrase != again:
        return ("二つのパスフレーズが違います。", "The two passphrases differ.")
    return None

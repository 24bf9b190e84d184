"""What a passphrase of an encrypted file must be. It is told by other ways than the file, and never stored."""

from __future__ import annotations

Words = tuple[str, str]
SHORTEST, LONGEST, KINDS = 12, 128, 6


def wrong_passphrase(passphrase: str, again: str, login_id: str) -> Words | None:
    """What is wrong with it and what to do; None when nothing is.

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
    if len(set(passphrase)) < KINDS or (login_id and login_id.lower() in passphrase.lower()):
        return (
            "推測されやすいパスフレーズです。違う文字を増やし、ログインIDを入れないでください。",
            "It is easily guessed: use more different characters, and leave your login id out.",
        )
    if passphrase != again:
        return ("二つのパスフレーズが違います。", "The two passphrases differ.")
    return None

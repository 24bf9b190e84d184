"""What is uploaded shown to a virus scanner first, where the operator named one: clamd's protocol (INSTREAM, man clamd).

Off unless SHUZOKO_CLAMD names a socket of this machine. Where it is named and does not answer, nothing is taken in.
"""

from __future__ import annotations

import os
import socket
from contextlib import closing
from typing import IO

from gate.refusals import Invalid
from models.data_classes import Words

CHUNK = 256 * 1024
SECONDS = 60.0
"""For each answer, and for each block to be taken."""
LONGEST_ANSWER = 4_096


class ScannerAway(Exception):
    """The scanner did not answer, or said that it cannot look at this; `args[0]` is its word or the system's."""


class _Here:
    address = ""


def use_scanner(address: str) -> None:
    """Show every upload to the scanner at this address from now on: `unix:/path` or `host:port`; "" for none."""
    _Here.address = address


def require_clean(file: IO[bytes]) -> None:
    """Let pass a file in which the scanner finds nothing; its position stays what it was.

    Raises:
        Invalid: something was found, or the scanner cannot say. The key is `file`.
    """
    if not _Here.address:
        return
    at = file.tell()
    file.seek(0)
    try:
        found = scan(_Here.address, file)
    except ScannerAway as error:
        raise Invalid({"file": _unknown(str(error))}) from error
    finally:
        file.seek(at)
    # guard: scanned
    if found:
        raise Invalid({"file": _refused(found)})


def scan(address: str, file: IO[bytes]) -> str:
    """The name of what the scanner found in the rest of a file; "" where it found nothing.

    Raises:
        ScannerAway: it does not answer, or cannot look at this, such as a file that is too large for it.
    """
    try:
        with closing(_connected(address)) as talk:
            talk.sendall(b"zINSTREAM\0")
            try:
                while chunk := file.read(CHUNK):
                    talk.sendall(len(chunk).to_bytes(4, "big") + chunk)
                talk.sendall(bytes(4))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has seen enough, and its answer is waiting
            answer = _answer(talk)
    except OSError as error:
        raise ScannerAway(error.strerror or type(error).__name__) from error
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerAway(answer or "no answer")


def answers(address: str) -> bool:
    """Whether a scanner is there."""
    try:
        with closing(_connected(address)) as talk:
            talk.sendall(b"zPING\0")
            return _answer(talk) == "PONG"
    except OSError:
        return False


def _connected(address: str) -> socket.socket:
    if path := address.removeprefix("unix:") if address.startswith("unix:") else "":
        talk = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        talk.settimeout(SECONDS)
        try:
            talk.connect(os.fspath(path))
        except OSError:
            talk.close()
            raise
        return talk
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def _answer(talk: socket.socket) -> str:
    found = b""
    while b"\0" not in found and len(found) < LONGEST_ANSWER and (more := talk.recv(LONGEST_ANSWER)):
        found += more
    return found.partition(b"\0")[0].decode(errors="replace").strip()


def _refused(found: str) -> Words:
    return (
        f"ウイルス対策ソフトが、このファイルは危険だと判断しました({found})。保存していません。システム管理者に知らせてください。",
        f"The virus scanner takes this file for dangerous ({found}); it was not stored. Tell your administrator.",
    )


def _unknown(why: str) -> Words:
    return (
        f"ウイルス対策ソフトで確かめられないため、保存していません({why})。しばらくしてからもう一度お試しください。続くときはシステム管理者に知らせてください。",
        f"The virus scanner cannot look at this file ({why}), so it was not stored. Try again later; if it goes on, tell your administrator.",
    )

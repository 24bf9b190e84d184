"""The settings: read once from the environment and .env; the README's table lists the same names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
NO_ADDRESS: tuple[str, str] = (
    "MONGODB_URI が接続先の形ではありません。mongodb://機械名:27017/データベース名 の形で、利用者名とパスワードの記号は%で書いてください。",
    "MONGODB_URI is no address of a store: write mongodb://host:27017/database, and the signs of a user's name and password percent-encoded.",
)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
WILDCARDS = frozenset({"0.0.0.0", "::", "*"})  # noqa: S104 - what is no name of a host
USUAL_PORTS = {"http": ":80", "https": ":443"}


FEWEST_DIFFERENT = 10
"""Characters that differ in a SECRET_KEY: of 64 random digits fewer than this are all but impossible."""


class SettingsError(ValueError):
    """A setting that cannot be used. `words` say in one sentence what is wrong and what to do (ja, en)."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.words = (ja, en)


@dataclass(frozen=True)
class Settings:
    """The environment of one process."""

    var: Path
    mongodb_uri: str
    database: str
    secret_key: str
    host: str
    port: int
    proxy_hops: int
    ledger_copy: Path | None = None
    tls: bool = False
    tls_files: str = ""
    """`certificate.pem:key.pem`, where this server itself speaks TLS."""
    address: str = ""
    hosts: tuple[str, ...] = ()
    store_seconds: int = 15
    """How long one call to the store may take: a person waits for it, or (in a command) a whole import does."""
    alarm_mail: str = ""
    smtp: str = ""
    alarm_hook: str = ""
    clamd: str = ""
    """A virus scanner's socket on this machine: `unix:/path` or `127.0.0.1:3310`."""
    security_contact: str = ""
    """Where a weakness is reported: an address that begins with `mailto:`, `https:` or `tel:` (RFC 9116)."""

    @property
    def serves_this_machine_alone(self) -> bool:
        """Whether nobody elsewhere can ask: bound to loopback, no proxy before it, no address declared."""
        here = self.host in ("127.0.0.1", "::1", "localhost")
        return here and not self.proxy_hops and not self.address

    @property
    def public_address(self) -> str:
        """The address that people type, `https://…`, without the port that its scheme implies; empty where nobody
        declared it."""
        address = self.address.strip().rstrip("/")
        scheme, _, rest = address.partition("://")
        return f"{scheme}://{rest.removesuffix(USUAL_PORTS.get(scheme, ' '))}" if rest else address

    @property
    def known_hosts(self) -> list[str]:
        """The names in a Host header that are ours; any other is refused."""
        own = [self.host] if self.host not in WILDCARDS else []
        declared = urlsplit(self.public_address).hostname
        found = [*own, *([declared] if declared else []), *self.hosts, *sorted(LOOPBACK)]
        return [f"[{each}]" if ":" in each else each for each in dict.fromkeys(found)]

    @property
    def own_address(self) -> str:
        """The same, or where this server itself listens: for links that are handed on."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_address or f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    @property
    def second_place(self) -> Path:
        """The folder of the ledger's copies: best on another machine's disk, and never part of a restore."""
        return self.ledger_copy or self.var / "ledger"

    @property
    def cookies_secure(self) -> bool:
        """Cookies travel over TLS only, except where the server listens on loopback in the clear, without a proxy."""
        return self.tls or self.host not in LOOPBACK or self.proxy_hops > 0


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: PORT or SHUZOKO_PROXY_HOPS is not a number, SHUZOKO_SECURITY_CONTACT is no address, SHUZOKO_CLAMD is not on this
            machine, or SECRET_KEY is too weak to sign with.
    """
    var = Path(environ.get("SHUZOKO_VAR") or PROJECT / "var")
    copy = environ.get("SHUZOKO_LEDGER_COPY", "")
    return Settings(
        var=var if var.is_absolute() else PROJECT / var,
        mongodb_uri=environ.get("MONGODB_URI", ""),
        database=environ.get("SHUZOKO_DATABASE", "shuzoko"),
        secret_key=_secret(environ.get("SECRET_KEY", "")),
        host=environ.get("HOST", "127.0.0.1"),
        port=_number(environ, "PORT", 8000),
        proxy_hops=_number(environ, "SHUZOKO_PROXY_HOPS", 0),
        ledger_copy=PROJECT / copy if copy else None,
        tls=bool(environ.get("SHUZOKO_TLS")),
        tls_files=environ.get("SHUZOKO_TLS", ""),
        address=environ.get("SHUZOKO_ADDRESS", ""),
        store_seconds=600 if environ.get("FLASK_RUN_FROM_CLI") == "true" else 15,
        alarm_mail=environ.get("SHUZOKO_ALARM_MAIL", ""),
        smtp=environ.get("SHUZOKO_SMTP", ""),
        alarm_hook=environ.get("SHUZOKO_ALARM_HOOK", ""),
        clamd=_scanner(environ.get("SHUZOKO_CLAMD", "")),
        security_contact=_contact(environ.get("SHUZOKO_SECURITY_CONTACT", "")),
        hosts=tuple(each.strip() for each in environ.get("SHUZOKO_HOSTS", "").split(",") if each.strip()),
    )


def _number(environ: Mapping[str, str], name: str, otherwise: int) -> int:
    written = environ.get(name) or str(otherwise)
    if not (written.isascii() and written.isdecimal() and len(written) < 6):
        raise SettingsError(
            f"{name}={written} は使えません。数を指定してください。", f"{name}={written} is not a number."
        )
    return int(written)


def _scanner(written: str) -> str:
    host, _, port = written.rpartition(":")
    # guard: scanner-here
    here = written.startswith("unix:/") or (host in LOOPBACK and port.isascii() and port.isdecimal())
    if written and not here:
        raise SettingsError(
            f"SHUZOKO_CLAMD={written} は使えません。この機械のソケット(unix:/path または 127.0.0.1:3310)を指定してください。",
            f"SHUZOKO_CLAMD={written} is no socket of this machine; name unix:/path or 127.0.0.1:3310.",
        )
    return written


def _contact(written: str) -> str:
    if written and (not written.startswith(("mailto:", "https:", "tel:")) or not written.isprintable()):
        raise SettingsError(
            f"SHUZOKO_SECURITY_CONTACT={written} は使えません。mailto:・https:・tel: のどれかで始めてください。",
            f"SHUZOKO_SECURITY_CONTACT={written} does not begin with mailto:, https: or tel:.",
        )
    return written


def _secret(written: str) -> str:
    """A SECRET_KEY that 32 random bytes fit into, as they are usually written: 64 hexadecimal digits, or 43 of base64."""
    if not written:
        return ""
    digits = set(written)
    shortest = 64 if digits <= set("0123456789abcdefABCDEF") else 43
    if len(written) < shortest or len(digits) < FEWEST_DIFFERENT:
        raise SettingsError(
            "SECRET_KEY が弱いため起動しません。python3 -c 'import secrets; print(secrets.token_hex(32))' で作るか、空にしてください"
            "(空なら var/keys に作ります)。",
            "SECRET_KEY is too weak: make one with python3 -c 'import secrets; print(secrets.token_hex(32))', or leave it "
            "empty (then one is made in var/keys).",
        )
    return written

"""The programs that serve the panel: gunicorn with the web application, the worker of the job queue, the ledger's sealer."""

import ipaddress
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.messages import EngineError

BIN = Path(sys.executable).parent
FLASK = str(BIN / "flask")
WILDCARDS = frozenset({"0.0.0.0", "::", "*"})  # noqa: S104 - what names no host


@dataclass(frozen=True)
class Address:
    """Where the web application listens."""

    host: str
    port: int
    certificate: str = ""
    key: str = ""

    @property
    def bind(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{'https' if self.certificate else 'http'}://{self.bind}/"


def address(environ: Mapping[str, str]) -> Address:
    """HOST, PORT and SHUZOKO_TLS (`certificate.pem:key.pem`) as an address.

    Raises EngineError for a port that is none, a certificate that is not there, and for any bind beyond this
    machine without TLS or a declared proxy (SHUZOKO_PROXY_HOPS): passwords would cross the network in the clear;
    and where nothing names the address that people open (SHUZOKO_ADDRESS, SHUZOKO_HOSTS).
    """
    host = environ.get("HOST") or "127.0.0.1"
    written = environ.get("PORT") or "8000"
    if not written.isdecimal() or not 0 < int(written) < 65536:
        raise EngineError(
            f"PORT={written} は使えません。1から65535までの数にしてください。",
            f"PORT={written} is not a port; give a number from 1 to 65535.",
        )
    certificate, _, key = environ.get("SHUZOKO_TLS", "").partition(":")
    if certificate and not (Path(certificate).is_file() and Path(key).is_file()):
        raise EngineError(
            "SHUZOKO_TLS は「証明書.pem:鍵.pem」の形で、どちらも読めるファイルにしてください。",
            "SHUZOKO_TLS must read certificate.pem:key.pem, and both must be files that can be read.",
        )
    # guard: plain-bind
    if not (is_loopback(host) or certificate or environ.get("SHUZOKO_PROXY_HOPS", "0") != "0"):
        raise EngineError(
            f"HOST={host} では暗号化なしで外から接続できてしまうため、起動しません。SHUZOKO_TLS に証明書を指定するか、"
            "TLSの中継(プロキシ)がある場合は SHUZOKO_PROXY_HOPS にその段数を指定してください。",
            f"HOST={host} would serve others without encryption, so it does not start; name a certificate in "
            "SHUZOKO_TLS, or the number of proxies that speak TLS before it in SHUZOKO_PROXY_HOPS.",
        )
    named = environ.get("SHUZOKO_ADDRESS") or environ.get("SHUZOKO_HOSTS")
    if not named and (host in WILDCARDS or environ.get("SHUZOKO_PROXY_HOPS", "0") not in ("", "0")):
        raise EngineError(
            "利用者が開くアドレスが分からないため、起動しません。SHUZOKO_ADDRESS に https:// から始まるアドレスを指定してください。",
            "It does not start, because nothing says by which address people open it; name it in SHUZOKO_ADDRESS (https://…).",
        )
    return Address(host, int(written), certificate, key)


def is_loopback(host: str) -> bool:
    """Whether a name or address of a host is this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def require_free(where: Address) -> None:
    """Raises EngineError when another program listens there already."""
    family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn itself binds: connections of the last run that linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((where.host, where.port))
        except OSError as error:
            raise EngineError(
                f"{where.bind} で待ち受けできません({error.strerror})。PORT に別の番号を指定してください。",
                f"Cannot listen on {where.bind} ({error.strerror}); name another PORT.",
            ) from None


def web(where: Address, environ: Mapping[str, str], *, develop: bool = False) -> list[str]:
    """gunicorn's command line; `develop` reloads on a change of code. Threads, because a browser's spare connections would hold a plain worker up;
    never preloaded, because a MongoClient does not survive a fork."""
    tls = ["--certfile", where.certificate, "--keyfile", where.key] if where.certificate else []
    return [
        *(str(BIN / "gunicorn"), "app:create_app()", "--bind", where.bind),
        *("--workers", environ.get("WEB_CONCURRENCY") or "2", "--threads", "16", "--timeout", "60"),
        *("--worker-class", "engine.waiting.Worker"),
        # No header changes where we stand (SCRIPT_NAME) or the scheme; a declared proxy is app.py's to trust.
        *("--forwarded-allow-ips", "", "--forwarder-headers", "", "--header-map", "refuse"),
        *("--graceful-timeout", "20", "--log-level", "warning", "--no-control-socket", *tls),
        *(["--reload"] if develop else []),
    ]


def worker() -> list[str]:
    return [FLASK, "worker"]


def sealer() -> list[str]:
    """Seals the ledger, beside whatever the worker is busy with."""
    return [FLASK, "sealer"]


def prepare() -> list[str]:
    """Looks at the keys, fills an empty embedded store with the demo where it is wanted, and prints the address of the
    first-run page where nobody administers the store."""
    return [FLASK, "init", "--at-start"]

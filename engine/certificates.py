"""The certificate that TLS is served with: whether its key fits, until when it is good, and for which names."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


class Unfit(Exception):
    """It cannot be served. `ja` and `en` each say why, in a sentence."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en


@dataclass(frozen=True)
class Certificate:
    """What the certificate says of itself."""

    begins: datetime
    ends: datetime
    names: tuple[str, ...]
    """Host names, a star for any first part, and network addresses."""

    def is_for(self, host: str) -> bool:
        """Whether a browser that was sent to this host takes it for the host's own."""
        host = host.lower()
        return host in self.names or f"*.{host.partition('.')[2]}" in self.names


def read(certificate: Path, key: Path) -> Certificate:
    """The first certificate of a PEM file, held against its key.

    Raises:
        Unfit: one of them cannot be read, or the key is another certificate's.
    """
    try:
        found = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    except (OSError, ValueError, IndexError):
        raise Unfit(
            f"{certificate} はPEM形式の証明書ではありません。SHUZOKO_TLS に「証明書.pem:鍵.pem」を指定してください。",
            f"{certificate} is no certificate in PEM form; name certificate.pem:key.pem in SHUZOKO_TLS.",
        ) from None
    try:
        own = load_pem_private_key(key.read_bytes(), None).public_key()
    except (OSError, ValueError, TypeError):
        raise Unfit(
            f"{key} はPEM形式の(パスワードのない)鍵ではありません。SHUZOKO_TLS に「証明書.pem:鍵.pem」を指定してください。",
            f"{key} is no key in PEM form without a password; name certificate.pem:key.pem in SHUZOKO_TLS.",
        ) from None
    if _public(own) != _public(found.public_key()):
        raise Unfit(
            f"{key} は {certificate} の鍵ではありません。組になる鍵を SHUZOKO_TLS に指定してください。",
            f"{key} is not the key of {certificate}; name the two that belong together in SHUZOKO_TLS.",
        )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise Unfit(
            f"{certificate} では暗号化通信を始められません({error})。証明書を取り直してください。",
            f"TLS cannot be served with {certificate} ({error}); get another certificate.",
        ) from None
    return Certificate(found.not_valid_before_utc, found.not_valid_after_utc, _names(found))


def _public(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        named = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = [str(each) for each in named.get_values_for_type(x509.IPAddress)]
    return (*(each.lower() for each in named.get_values_for_type(x509.DNSName)), *addresses)

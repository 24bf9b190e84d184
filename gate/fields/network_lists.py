"""A list of networks as people type it: one a line, IPv4 and IPv6, full-width letters and all."""

from __future__ import annotations

import re
from typing import Any

from gate.fields.typed_text import Wrong, folded
from models.declaration import Field
from policies.networks import written

MOST = 100


def read_networks(field: Field, raw: Any) -> list[str]:  # noqa: ARG001 - every kind's reader has this shape
    """The networks in their shortest form, each once, in their order.

    Raises:
        Wrong: names the first line that is no network.
    """
    rows = raw if isinstance(raw, list) else re.split(r"[\n,、;]", folded(raw))
    kept = list(dict.fromkeys(_one(text) for each in rows if (text := folded(each))))
    if len(kept) > MOST:
        raise Wrong((f"{MOST}行までです(今は{len(kept)}行)。", f"At most {MOST} lines ({len(kept)} now)."))
    return kept


def _one(text: str) -> str:
    try:
        return written(text)
    except ValueError as error:
        said = text[:60]
        raise Wrong((
            f"「{said}」はネットワークの形になっていません。192.0.2.7、192.0.2.0/24、2001:db8::/48 のように、"
            "範囲の先頭のアドレスで入力してください。",
            f"“{said}” is not a network. Write it as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/48, beginning with the "
            "range's first address.",
        )) from error  # fmt: skip

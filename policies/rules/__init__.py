"""One short file per noun, named as the noun is, which a curator could read aloud. A noun without one is denied."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from policies.ceilings import Rules

RULES: dict[str, Rules] = {
    each.name: import_module(f"{__name__}.{each.name}").RULES
    for each in iter_modules(__path__)
    if each.name != "common"
}

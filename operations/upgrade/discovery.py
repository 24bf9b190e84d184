"""The steps of this version, found by the names of their files."""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module

from operations.upgrade import steps
from operations.upgrade.step import Step

NAME = re.compile(r"step_(\d{4})_[a-z0-9_]+")


@cache
def all_steps() -> tuple[Step, ...]:
    """All steps in their order.

    Raises:
        ValueError: a file has another name or number than its step, or a number is missing or taken twice.
    """
    found = []
    for name in sorted(each.name for each in pkgutil.iter_modules(steps.__path__)):
        step: Step = import_module(f"{steps.__name__}.{name}").STEP
        matched = NAME.fullmatch(name)
        if matched is None or int(matched[1]) != step.number:
            raise ValueError(
                f"{name}.py does not hold step {step.number}: name it step_{step.number:04d}_….py"
            )
        found.append(step)
    if [each.number for each in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"steps must count 1, 2, 3 …: {[each.number for each in found]}")
    return tuple(found)


def newest() -> int:
    """The number of the last step that this version knows."""
    return len(all_steps())

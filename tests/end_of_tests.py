"""Ends the store of a test session when the session has ended, however it ended: `python -m tests.end_of_tests VAR`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import engine

if __name__ == "__main__":
    sys.stdin.read()
    if Path(sys.argv[1]).exists():
        engine.find(Path(sys.argv[1]), os.environ).stop()

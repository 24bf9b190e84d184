"""The database of a fresh machine: set up, started, kept and stopped without root and without asking.

The rest of the project needs `find`, `resolve_uri`, `start`, `stop`, `var_folder` and `EngineError`, and knows nothing
else about the server. The package imports nothing of the project.
"""

from engine.messages import EngineError
from engine.places import var_folder
from engine.resolve import Engine, find, resolve_uri, start, stop

__all__ = ["Engine", "EngineError", "find", "resolve_uri", "start", "stop", "var_folder"]

"""The Japanese font that a paper carries within itself, so that it reads alike wherever it is opened.

It is the machine's own: none is shipped with the project. Debian's fonts-noto-cjk and fonts-ipaexfont bring one.
"""

from __future__ import annotations

from pathlib import Path

SHARED = Path("/usr/share/fonts")
CANDIDATES = (
    SHARED / "opentype/noto/NotoSansCJK-Regular.ttc",
    SHARED / "noto-cjk/NotoSansCJK-Regular.ttc",
    SHARED / "google-noto-cjk/NotoSansCJK-Regular.ttc",
    SHARED / "opentype/ipaexfont-gothic/ipaexg.ttf",
    SHARED / "opentype/ipafont-gothic/ipag.ttf",
    SHARED / "truetype/fonts-japanese-gothic.ttf",
    SHARED / "truetype/vlgothic/VL-Gothic-Regular.ttf",
)
"""Where the usual packages put one; of a collection the first font is the Japanese one."""


class NoFont(Exception):
    """This machine has no Japanese font, so no paper can be set."""


def japanese_font() -> Path:
    """The first of the candidates that is there.

    Raises:
        NoFont: none is.
    """
    for each in CANDIDATES:
        if each.is_file():
            return each
    raise NoFont

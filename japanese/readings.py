"""Readings (よみ): kana as typed, half-width or not, made one."""

from __future__ import annotations

import unicodedata

Words = tuple[str, str]

# ァ..ヶ and ヽヾ lie 0x60 above their hiragana; ヷ..ヺ have none and stay.
_TO_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_TO_KATAKANA = {hira: kata for kata, hira in _TO_HIRAGANA.items()}
_HIRAGANA = {chr(code) for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_KATAKANA = {chr(code) for code in (*range(0x30A1, 0x30FB), 0x30FD, 0x30FE)}
_MARKS = {"ー", " ", "・"}
_BETWEEN = set("0123456789№")
"""Ordinary between kana: まるおくり №7."""
# Typed for the long mark by hand and by OCR; only after a kana is it one.
_DASHES = {"-", "‐", "‑", "–", "—", "―", "−", "─"}

_SMALL = "ぁぃぅぇぉっゃゅょゎゕゖ"
_LARGE = "あいうえおつやゆよわかけ"
SMALL_TO_LARGE = str.maketrans(_SMALL, _LARGE)
_VOWELS = {
    **dict.fromkeys("あかさたなはまやらわがざだばぱ", "あ"),
    **dict.fromkeys("いきしちにひみりゐぎじぢびぴ", "い"),
    **dict.fromkeys("うくすつぬふむゆるぐずづぶぷ", "う"),
    **dict.fromkeys("えけせてねへめれゑげぜでべぺ", "え"),
    **dict.fromkeys("おこそとのほもよろをごぞどぼぽ", "お"),
}


class ReadingError(ValueError):
    """A reading holds something other than kana; `.words` says so in Japanese and in English."""

    def __init__(self, found: str) -> None:
        self.words: Words = (
            f"よみはかなで入れてください（「{found}」は使えません）。",
            f"A reading is written in kana ({found!r} cannot be used).",
        )
        super().__init__(self.words[1])


def to_hiragana(text: str) -> str:
    """Katakana to hiragana, all else as it is: ソウセキ -> そうせき. Half-width: see `normalise_reading`."""
    return text.translate(_TO_HIRAGANA)


def to_katakana(text: str) -> str:
    """Hiragana to katakana, all else as it is."""
    return text.translate(_TO_KATAKANA)


def normalise_reading(text: str, script: str = "hiragana") -> str:
    """A reading in one script: half-width made full, spaces single, a dash after kana made ー.

    `script` is "hiragana", "katakana", or "as_written". Raises ReadingError at the first character that is
    neither kana, ー, ・, a figure, № nor a space, and where there is no kana at all. An empty text gives an empty one.
    """
    full = " ".join("№".join(unicodedata.normalize("NFKC", each) for each in text.split("№")).split())
    out = ""
    for char in full:
        dash_is_long_mark = char in _DASHES and bool(out) and out[-1] in _HIRAGANA | _KATAKANA
        mended = "ー" if dash_is_long_mark else char
        if mended not in _HIRAGANA | _KATAKANA | _MARKS | _BETWEEN:
            raise ReadingError(char)
        out += mended
    if _BETWEEN & set(out) and not (_HIRAGANA | _KATAKANA) & set(out):
        raise ReadingError(out)
    if script == "as_written":
        return out
    return to_katakana(out) if script == "katakana" else to_hiragana(out)


def is_reading(text: str) -> bool:
    """Whether the text is a reading, not empty, after normalising."""
    try:
        return bool(normalise_reading(text).strip("ー・ "))
    except ReadingError:
        return False


def expand_iteration(text: str) -> str:
    """Hiragana with ゝ and ゞ written out: こゝろ -> こころ, すゞ -> すず. One at the start stays."""
    out = ""
    for char in text:
        if char == "ゝ" and out:
            out += unvoiced(out[-1])
        elif char == "ゞ" and out:
            out += unicodedata.normalize("NFC", unvoiced(out[-1]) + "\u3099")[0]
        else:
            out += char
    return out


def unvoiced(char: str) -> str:
    """A kana without its voicing mark: が -> か, ぱ -> は."""
    return unicodedata.normalize("NFD", char)[0]


def vowel_of(char: str) -> str:
    """The vowel (あいうえお) that a large hiragana ends in; "" for ん and for what is no kana."""
    return _VOWELS.get(char, "")

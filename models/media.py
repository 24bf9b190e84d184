"""写真・画像: a file and what is known of it. The bytes lie in GridFS and leave only through the gate."""

from __future__ import annotations

import mongoengine as me

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import choice, date, hidden, integer, long_text, number, picture, text
from models.record import SYSTEM, Record, common_indexes, unique_number

PUBLIC, INTERNAL, NOTES, SECRET = DataClass.PUBLIC, DataClass.INTERNAL, DataClass.NOTES, DataClass.SECRET
SAME_FILE = {"fields": ["digest"], "sparse": True, "cls": False}


class Media(Record):
    """A photograph. `file` and `thumbnail` name stored files; who may open them is decided as for any field."""

    meta = {"collection": "media", "indexes": [*common_indexes(), unique_number("media_number"), SAME_FILE]}

    media_number = number(("画像番号", "Media number"), PUBLIC, max_length=60)
    file = picture(
        ("画像", "Image"),
        INTERNAL,
        "basic",
        listed=True,
        help=(
            "JPEG・PNG・WebP・TIFF・AVIF・JPEG 2000。位置情報や機種の記録などは取り除いて保管します。大きさの上限は館の設定です。",
            "JPEG, PNG, WebP, TIFF, AVIF or JPEG 2000. Embedded metadata such as position and maker's notes is removed. "
            "The institution sets the largest size.",
        ),
    )
    thumbnail = picture(("見出し画像", "Thumbnail"), INTERNAL, "basic", kept_by_system=True)
    title = text(("題", "Title"), PUBLIC, "basic", required=True, listed=True, searched=True, sorted=True)
    view = choice(("向き", "View"), PUBLIC, "basic", "media_view", filtered=True)
    taken_on = date(("撮影日", "Taken on"), INTERNAL, "basic", listed=True, in_past=True)
    taken_by = text(("撮影者", "Taken by"), NOTES, "basic")
    rights = choice(
        ("権利", "Rights"), PUBLIC, "rights", "media_rights", default="unknown", filtered=True, listed=True
    )
    rights_note = long_text(("権利の補足", "Rights note"), NOTES, "rights")
    original = picture(("原本の画像", "Original picture"), INTERNAL, "file", kept_by_system=True)
    original_name = text(
        ("元のファイル名", "Original file name"),
        # People name their files: 寄贈_田中様宅.jpg.
        NOTES,
        "file",
        max_length=255,
        kept_by_system=True,
        searched=True,
    )
    width = integer(("幅", "Width"), PUBLIC, "file", unit=("px", "px"), kept_by_system=True)
    height = integer(("高さ", "Height"), PUBLIC, "file", unit=("px", "px"), kept_by_system=True)
    size = integer(("大きさ", "Size"), PUBLIC, "file", unit=("バイト", "bytes"), kept_by_system=True)
    # SHA-256 of the bytes as they were sent: the same file again is noticed by it.
    digest = hidden(("ファイルの指紋", "File digest"), SECRET, me.StringField())


MEDIA = Noun(
    name="media",
    label=("写真・画像", "Media"),
    singular="image",
    place=20,
    document=Media,
    number="media_number",
    naming=("media_number", "title"),
    numbering="M",
    counted=("点", "files"),
    sections=(
        Section("basic", ("基本", "Basic")),
        Section("rights", ("権利", "Rights")),
        Section("file", ("ファイル", "File")),
        SYSTEM,
    ),
    picture="file",
    fields=read_fields("media", Media),
)

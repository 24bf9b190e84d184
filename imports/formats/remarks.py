"""Remarks about a workbook's cells, rows and sheets: where the text may not be what was once typed."""

from __future__ import annotations

from collections.abc import Sequence

from imports.formats.headers import column_letter
from imports.formats.xlsx import marks
from models.data_classes import Words

UNUSABLE: dict[str, Words] = {
    marks.ERROR: (
        "Excelのエラー(#N/A、#DIV/0!など)です。元のファイルで値を入れてください。",
        "This is an error of Excel (#N/A, #DIV/0! and the like); put the value into the file.",
    ),
    marks.FORMULA: (
        "数式の計算結果がファイルにありません。Excelで開いて保存し直すか、値に直してください。",
        "The file does not hold the result of this formula. Open it in Excel and save it again, or replace it by its value.",
    ),
}
"""Marks of cells that cannot be used → why."""
DOUBTFUL: dict[str, Words] = {
    marks.DATE: (
        "Excelが日付として持っている値です。番号や棚などが日付に変わっていないか確かめてください。",
        "Excel holds this as a date. Check that it was not a number or a shelf.",
    ),
    marks.PARTIAL: (
        "Excelが月日や時刻に変えた値のようです(例: 2-3 → 2月3日)。元の値を確かめてください。",
        "Excel seems to have made a day or a time of this (2-3 → 3-Feb). Look at the original.",
    ),
    marks.EXPONENT: (
        "Excelで指数(1.2E+05)として表示される数です。元の値を確かめてください。",
        "Excel shows this number with an exponent (1.2E+05). Look at the original.",
    ),
    marks.DIGITS: (
        "16桁以上の数です。Excelは15桁までしか持てないので、下の桁が失われています。",
        "A number of 16 digits or more. Excel keeps 15, so the last digits are lost.",
    ),
    marks.ROUNDED: (
        "Excelの表示では端数が丸められています。丸める前の値を読みました。",
        "Excel shows this rounded. It was read as it is before rounding.",
    ),
    marks.UNSHOWN: (
        "Excelの書式で表示されない値です。隠れている値を読みました。",
        "Excel's format hides this value. It was read as it is.",
    ),
    marks.UNIT: (
        "Excelの書式がつけた単位(点、cmなど)を除いて、数だけを読みました。",
        "The unit that Excel's format puts behind the number was left out.",
    ),
    marks.FORMAT: (
        "この書式の表示は読み取れません。元の数を読みました。Excelの表示と比べてください。",
        "This format is not known here. The plain number was read; compare it with what Excel shows.",
    ),
    marks.FILLED: (
        "結合されたセルです。上の行の値を入れました。",
        "A merged cell: the value of the row above was taken.",
    ),
    marks.COVERED: (
        "左や上のセルと結合されていて、値がありません。",
        "It is merged with the cell to the left or above, and holds nothing.",
    ),
    marks.HIDDEN: (
        "Excelで非表示(または絞り込みで隠れた)行です。取り込まないときは、行を消してから送ってください。",
        "This row is hidden or filtered out in Excel. If it is not to be imported, delete it in the file.",
    ),
    marks.INTEGER: (
        "Excelで数値になっている番号です。先頭の0(0077など)が消えていないか確かめてください。",
        "Excel holds this number as a figure. Check that no leading zeros (0077) were lost.",
    ),
}
"""Marks of cells that are used as they are → what to look at."""


def hidden_parts(hidden_sheets: Sequence[str], hidden_columns: Sequence[int]) -> list[Words]:
    """List the hidden sheets and columns of a workbook, for the person who chooses how it is read."""
    found: list[Words] = []
    if hidden_sheets:
        names = "、".join(hidden_sheets)
        found.append((
            f"非表示のシートがあります: {names}。取り込むときは、シートを選んで読み直してください。",
            f"The workbook has hidden sheets: {', '.join(hidden_sheets)}. To import one, choose it and read again.",
        ))  # fmt: skip
    if hidden_columns:
        letters = [column_letter(each) for each in hidden_columns[:20]]
        found.append((
            f"非表示の列も読んでいます: {'、'.join(letters)}。要らなければ「取り込まない」を選んでください。",
            f"Hidden columns are read too: {', '.join(letters)}. Leave them out where they are not wanted.",
        ))  # fmt: skip
    return found

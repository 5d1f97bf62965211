"""A letter as a PDF, drawn with fpdf2: no browser and no system library is needed on the host."""

import logging
from datetime import datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import FontFace

from web.letter import Letter, Part

# It logs which characters a letter holds, at a level that the application shows.
logging.getLogger("fontTools").setLevel(logging.WARNING)

_FONTS = Path(__file__).parent.parent / "assets" / "fonts"
_FAMILY = "limpide"
_MARGIN, _TOP = 22, 18  # mm
_BODY, _NOTE, _HEADING, _TITLE = 10.2, 8.8, 11, 13.5  # pt
_LINE = 1.32
_MM_PER_PT = 25.4 / 72
_GREY, _HAIRLINE = (63, 76, 89), (190, 186, 176)


def pdf(letter: Letter, made: datetime) -> bytes:
    """Return the letter as a PDF. The same letter and moment give the same bytes."""
    page = FPDF(format="A4", unit="mm")
    page.set_creation_date(made)
    page.set_lang(letter.lang)
    page.set_title(letter.title)
    page.set_producer("Limpide")
    page.set_margins(_MARGIN, _TOP)
    page.set_auto_page_break(True, margin=_TOP)
    for style, weight in (("", "regular"), ("B", "semibold")):
        page.add_font(_FAMILY, style, _FONTS / f"limpide-lettre-{weight}.ttf")
    page.add_page()
    _head(page, letter)
    for part in letter.parts:
        _draw(page, part)
    _foot(page, letter.foot)
    if letter.annex:
        page.add_page()
        for part in letter.annex:
            _draw(page, part)
    return bytes(page.output())


def _head(page: FPDF, letter: Letter) -> None:
    name, *address = letter.lender
    half = page.epw / 2
    _font(page, _BODY, bold=True)
    page.cell(half, 6, name)
    _font(page, _BODY)
    page.cell(half, 6, letter.reference, align="R", new_x="LMARGIN", new_y="NEXT")
    page.set_line_width(0.5)
    page.line(_MARGIN, page.y + 1, page.w - _MARGIN, page.y + 1)
    page.ln(5)
    top, height = page.y, _height(_BODY)
    page.multi_cell(half, height, "\n".join(address), align="L", new_x="LMARGIN", new_y="NEXT")
    low = page.y
    page.set_xy(_MARGIN + half, top)
    page.multi_cell(half, height, "\n".join([*letter.client, "", letter.date]), align="L", new_y="NEXT")
    page.set_xy(_MARGIN, max(low, page.y) + 4)
    _text(page, letter.title, _TITLE, bold=True)
    page.ln(1.5)


def _draw(page: FPDF, part: Part) -> None:
    if part.kind == "heading":
        page.ln(1.2)
        _text(page, part.text, _HEADING, bold=True)
    elif part.kind == "text":
        _text(page, part.text, _BODY)
    elif part.kind == "note":
        _text(page, part.text, _NOTE, grey=True)
    else:
        _table(page, part)
    page.ln(1.3)


def _table(page: FPDF, part: Part) -> None:
    _font(page, _BODY if len(part.head) < 4 else _NOTE)
    page.set_draw_color(*_HAIRLINE)
    page.set_line_width(0.15)
    widths = {2: (74, 26), 3: (56, 20, 24)}.get(len(part.head), (1,) * len(part.head))
    with page.table(
        headings_style=FontFace(color=_GREY, emphasis=""),
        borders_layout="HORIZONTAL_LINES",
        col_widths=widths,
        text_align=("LEFT", *("RIGHT",) * (len(part.head) - 1)),
        line_height=_height(_BODY),
        padding=(0.7, 0),
        align="LEFT",
    ) as table:
        for cells in (part.head, *part.rows):
            table.row(cells)
    page.set_draw_color(0, 0, 0)


def _foot(page: FPDF, text: str) -> None:
    page.ln(1.5)
    page.set_line_width(0.15)
    page.line(_MARGIN, page.y, page.w - _MARGIN, page.y)
    page.ln(1.5)
    _text(page, text, _NOTE, grey=True)


def _text(page: FPDF, text: str, size: float, *, bold: bool = False, grey: bool = False) -> None:
    _font(page, size, bold)
    page.set_text_color(*(_GREY if grey else (0, 0, 0)))
    page.multi_cell(0, _height(size), text, align="L", new_x="LMARGIN", new_y="NEXT")
    page.set_text_color(0, 0, 0)


def _font(page: FPDF, size: float, bold: bool = False) -> None:
    page.set_font(_FAMILY, "B" if bold else "", size)


def _height(size: float) -> float:
    return size * _MM_PER_PT * _LINE

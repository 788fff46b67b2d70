"""Sheets for a printer: pages of plain blocks as HTML for A4 in black and white, or as text of eighty columns.

The blocks are those of ``exercise.presenter.paper``. Nothing here runs in a browser, nothing is fetched, and every text goes through
``escaped``.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]
Page = Mapping[str, Any]

COLUMNS = 80
"""Columns of a text sheet: what a line printer and a small terminal hold."""
GAP = 2
LEAST = 8
"""Columns that a table's widest column keeps."""

STYLE = """\
@page { size: A4; margin: 12mm 13mm 13mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
* { box-sizing: border-box; }
html { color: #000; background: #fff; font: 9pt/1.32 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }
body { margin: 0 auto; max-width: 184mm; }
.sheet { width: 100%; border-collapse: collapse; }
.sheet > thead td { padding: 0 0 3mm; }
.sheet > tbody > tr > td { padding: 0; }
.running { display: flex; justify-content: space-between; gap: 6mm; border-bottom: 0.5pt solid #000; padding-bottom: 1mm; font-size: 8pt; }
.running b { letter-spacing: 0.04em; text-transform: uppercase; border: 1pt solid #000; padding: 0.4mm 1.6mm; }
.running { align-items: center; }
h1 { font-size: 20pt; line-height: 1.15; margin: 0 0 1mm; display: flex; justify-content: space-between; align-items: baseline; gap: 6mm; }
h1 .code, .codes { font-family: "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace; }
h1 .code { border: 1.2pt solid #000; padding: 0 2.5mm; }
h2 { font-size: 11pt; margin: 4.5mm 0 1.2mm; padding-bottom: 0.6mm; border-bottom: 1.2pt solid #000; break-after: avoid; }
p { margin: 0 0 1.6mm; }
ul { margin: 0 0 1.6mm; padding: 0; list-style: none; }
li { padding-left: 4mm; text-indent: -4mm; margin: 0 0 0.8mm; break-inside: avoid; }
.facts { display: flex; flex-wrap: wrap; border: 0.5pt solid #000; border-width: 0.5pt 0 0 0.5pt; margin: 1mm 0 2.5mm; }
.facts div { flex: 1 1 auto; white-space: nowrap; border: 0.5pt solid #000; border-width: 0 0.5pt 0.5pt 0; padding: 0.8mm 1.6mm; }
.facts span { display: block; font-size: 7pt; }
.facts b { font-size: 10pt; }
table.rows { width: 100%; border-collapse: collapse; margin: 0 0 2mm; }
table.rows th { text-align: left; font-size: 7.5pt; font-weight: normal; padding: 0 2mm 0.4mm 0; border-bottom: 0.8pt solid #000;
  vertical-align: bottom; }
table.rows td { padding: 0.7mm 2mm 0.7mm 0; border-bottom: 0.25pt solid #888; vertical-align: top; }
table.rows tr { break-inside: avoid; }
table.rows tr.group { break-after: avoid; }
table.rows tr.group td { font-weight: bold; padding-top: 1.8mm; border-bottom: 0.5pt solid #000; }
table.rows .narrow { white-space: nowrap; width: 1%; }
table.rows td.narrow { font-weight: bold; }
.columns { columns: 2; column-gap: 7mm; }
.columns h3 { font-size: 8.5pt; margin: 1.6mm 0 0; border-bottom: 0.8pt solid #000; break-after: avoid; }
.columns table.rows { margin: 0 0 1mm; }
table.small { font-size: 7.8pt; line-height: 1.22; }
table.small td { padding-top: 0.35mm; padding-bottom: 0.35mm; }
.break { break-before: page; }
.slips { display: grid; grid-template-columns: 1fr 1fr; gap: 0; }
.slip { border: 0.7pt dashed #000; margin: -0.35pt; padding: 3mm; break-inside: avoid; }
.slip.wide { grid-column: span 2; }
.slip header { display: flex; justify-content: space-between; gap: 3mm; font-size: 8pt; }
.slip header b { font-size: 11pt; }
.slip .seat { font-weight: bold; margin: 0 0 2mm; }
.fields { display: grid; grid-template-columns: repeat(12, 1fr); gap: 1.4mm 2mm; }
.field span { display: block; font-size: 7pt; }
.field .blank { border-bottom: 0.5pt solid #000; height: 6.5mm; }
.field .given { border-bottom: 0.5pt solid #000; font-weight: bold; padding: 0.6mm 0; }
.boxes { display: flex; flex-wrap: wrap; gap: 1mm 5mm; padding: 1mm 0; }
.boxes i { display: inline-block; width: 3.4mm; height: 3.4mm; border: 0.8pt solid #000; margin-right: 1.4mm; vertical-align: -0.4mm; }
@media screen { body { padding: 10mm 6mm; max-width: 200mm; } }
"""


def escaped(text: str) -> str:
    """The one door through which text comes into a page: nothing in it is markup any more, also inside an attribute."""
    return html.escape(text, quote=True)


def document(title: str, body: str, style: str = STYLE) -> str:
    """A whole HTML document that fetches nothing and runs nothing; ``body`` is markup of ours."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(policy)}">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escaped(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def html_of(page: Page) -> str:
    """A page as an HTML document. Whose sheet it is stands at the head of every printed sheet."""
    running = f"<b>{escaped(page['mark'])}</b><span>{escaped(page['exercise'])}</span><span>{escaped(page['when'])}</span>"
    code = f'<span class="code">{escaped(page["code"])}</span>' if page["code"] else ""
    parts = [f"<h1><span>{escaped(page['title'])}</span>{code}</h1>"]
    parts += _html_blocks(page["blocks"])
    body = (
        f'<table class="sheet"><thead><tr><td><div class="running">{running}</div></td></tr></thead>\n'
        f"<tbody><tr><td>\n{chr(10).join(parts)}\n</td></tr></tbody></table>"
    )
    return document(f"{page['title']}, {page['when']}", body)


def _html_blocks(blocks: Sequence[Block]) -> Iterator[str]:
    opens = False
    broken = ""
    for block in blocks:
        kind = block["block"]
        if opens and kind != "slip":
            yield "</div>"
        if kind == "slip" and not opens:
            yield '<div class="slips">'
        opens = kind == "slip"
        if kind == "break":
            broken = ' class="break"'
            continue
        yield _HTML[kind](block, broken)
        broken = ""
    if opens:
        yield "</div>"


def _heading(block: Block, broken: str) -> str:
    return f"<h2{broken}>{escaped(block['text'])}</h2>"


def _text(block: Block, broken: str) -> str:
    return f"<p{broken}>{escaped(block['text'])}</p>"


def _lines(block: Block, broken: str) -> str:
    return f"<ul{broken}>{''.join(f'<li>{escaped(line)}</li>' for line in block['lines'])}</ul>"


def _facts(block: Block, _broken: str) -> str:
    facts = (f"<div><span>{escaped(label)}</span><b>{escaped(words)}</b></div>" for label, words in block["facts"])
    return f'<div class="facts">{"".join(facts)}</div>'


def _table(block: Block, _broken: str) -> str:
    if block.get("columns_on_sheet") == 2:
        return _columns(block)
    narrow = dict.fromkeys(block["narrow"], ' class="narrow"')
    head = "".join(f"<th{narrow.get(place, '')}>{escaped(title)}</th>" for place, title in enumerate(block["columns"]))
    rows = []
    for row in block["rows"]:
        if isinstance(row, Mapping):
            rows.append(f'<tr class="group"><td colspan="{len(block["columns"])}">{escaped(row["group"])}</td></tr>')
        else:
            cells = (f"<td{narrow.get(place, '')}>{escaped(cell)}</td>" for place, cell in enumerate(row))
            rows.append(f"<tr>{''.join(cells)}</tr>")
    small = " small" if block.get("small") else ""
    return f'<table class="rows{small}"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _columns(block: Block) -> str:
    """A long table in small print, two columns to a sheet: a table with its own title for every group."""
    narrow = dict.fromkeys(block["narrow"], ' class="narrow"')
    parts: list[str] = []
    for row in block["rows"]:
        if isinstance(row, Mapping):
            parts.append(f'{"</table>" if parts else ""}<h3>{escaped(row["group"])}</h3><table class="rows small">')
            continue
        if not parts:
            parts.append('<table class="rows small">')
        cells = (f"<td{narrow.get(place, '')}>{escaped(cell)}</td>" for place, cell in enumerate(row))
        parts.append(f"<tr>{''.join(cells)}</tr>")
    titles = f"<p>{escaped(' · '.join(title for title in block['columns'] if title))}</p>"
    return f'{titles}<div class="columns">{"".join(parts)}</table></div>' if parts else ""


def _slip(block: Block, _broken: str) -> str:
    fields = "".join(_field(field) for field in block["fields"])
    wide = " wide" if block.get("wide") else ""
    return (
        f'<section class="slip{wide}"><header><b>{escaped(block["title"])}</b><span>{escaped(block["when"])}</span></header>'
        f'<div class="seat">{escaped(block["seat"])}</div><div class="fields">{fields}</div></section>'
    )


def _field(field: Block) -> str:
    inside = f"<span>{escaped(field['label'])}</span>"
    if field["boxes"]:
        inside += (
            '<div class="blank"></div>' * int(field["lines"])
            + f'<div class="boxes">{"".join(f"<span><i></i>{escaped(box)}</span>" for box in field["boxes"])}</div>'
        )
    elif field["value"]:
        inside += f'<div class="given">{escaped(field["value"])}</div>'
    else:
        inside += '<div class="blank"></div>' * int(field["lines"])
    return f'<div class="field" style="grid-column: span {int(field["width"])}">{inside}</div>'


_HTML = {"heading": _heading, "text": _text, "lines": _lines, "facts": _facts, "table": _table, "slip": _slip}


# --- text ---------------------------------------------------------------------------------------------------------------------------


def text_of(page: Page) -> str:
    """A page as text of eighty columns; a form feed stands where a new sheet of paper begins."""
    code = f"  [{page['code']}]" if page["code"] else ""
    head = (f"{page['title'].upper()}{code}", f"*** {page['mark'].upper()} ***", f"{page['exercise']}, {page['when']}")
    lines = [*(line for words in head for line in wrapped(words)), ""]
    for block in page["blocks"]:
        lines += _TEXT[block["block"]](block)
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def wrapped(text: str, first: str = "", rest: str = "", width: int = COLUMNS) -> list[str]:
    """The lines of a text that is no wider than so many columns; an empty one has one empty line."""
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False) or [first.rstrip()]


def _text_heading(block: Block) -> list[str]:
    return ["", *wrapped(block["text"]), "=" * min(COLUMNS, len(block["text"]))]


def _text_facts(block: Block) -> list[str]:
    return [*wrapped("; ".join(f"{label}: {words}" for label, words in block["facts"])), ""]


def _text_lines(block: Block) -> list[str]:
    return [line for each in block["lines"] for line in wrapped(each, "", "  ")]


def _text_table(block: Block) -> list[str]:
    """Columns side by side; what is longer than its column goes on under it, and a last column of whole sentences under all of them."""
    shown = len(block["columns"]) - (1 if block.get("under") else 0)
    rows = [row for row in block["rows"] if not isinstance(row, Mapping)]
    widths = _widths([row[:shown] for row in (block["columns"], *rows)], set(block["narrow"]))
    lines = _text_row(block["columns"][:shown], widths)
    lines.append("-" * min(COLUMNS, sum(widths) + GAP * (len(widths) - 1)))
    for row in block["rows"]:
        if isinstance(row, Mapping):
            lines += ["", *wrapped(row["group"])]
            continue
        lines += _text_row(row[:shown], widths)
        indent = " " * (widths[0] + GAP)
        lines += [line for words in row[shown:] if words for line in wrapped(words, indent, indent)]
    return [*lines, ""]


def _widths(rows: Sequence[Sequence[str]], narrow: set[int]) -> list[int]:
    """Columns as wide as their longest cell; where that is too much the widest ones give way, narrow ones last."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    room = COLUMNS - GAP * (len(widths) - 1)
    while sum(widths) > room:
        wide = [place for place, width in enumerate(widths) if place not in narrow and width > LEAST] or list(range(len(widths)))
        widest = max(wide, key=lambda place: widths[place])
        widths[widest] -= 1
    return widths


def _text_row(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    cells = [wrapped(cell, width=max(1, width)) for cell, width in zip(row, widths, strict=True)]
    height = max(len(cell) for cell in cells)
    columns = [[*cell, *[""] * (height - len(cell))] for cell in cells]
    return [(" " * GAP).join(f"{part:<{width}}" for part, width in zip(parts, widths, strict=True)) for parts in zip(*columns, strict=True)]


def _text_slip(block: Block) -> list[str]:
    lines = ["- " * (COLUMNS // 2), f"{block['title']:<56}{block['when']:>24}", block["seat"], ""]
    line = ""
    for field in block["fields"]:
        words = f"{field['label']}: "
        if field["boxes"]:
            words += "_" * 12 + "  " if field["lines"] else ""
            words += "   ".join(f"[ ] {box}" for box in field["boxes"])
        elif field["value"]:
            words += field["value"]
        else:
            room = COLUMNS * int(field["width"]) // 12 - GAP - len(words)
            words += "_" * max(LEAST, room) if field["lines"] == 1 else ""
        if line and (len(line) + GAP + len(words) > COLUMNS or field["width"] == 12):
            lines += [line, ""]
            line = ""
        line = f"{line}{' ' * GAP if line else ''}{words}"
        if field["lines"] > 1:
            lines += [line, *["", "_" * COLUMNS] * int(field["lines"]), ""]
            line = ""
    return [*lines, line, ""]


_TEXT: dict[str, Callable[[Block], list[str]]] = {
    "heading": _text_heading,
    "text": lambda block: wrapped(block["text"]),
    "lines": _text_lines,
    "facts": _text_facts,
    "table": _text_table,
    "slip": _text_slip,
    "break": lambda _block: ["\f"],
}


def files_of(pages: Mapping[str, Page], *, as_text: bool = False) -> dict[str, str]:
    """File name -> content of some pages by name."""
    return (
        {f"{name}.txt": text_of(page) for name, page in pages.items()}
        if as_text
        else {f"{name}.html": html_of(page) for name, page in pages.items()}
    )


def together(pages: Iterable[Page]) -> str:
    """Several pages as one text, each on a sheet of its own."""
    return "\f\n".join(text_of(page) for page in pages)

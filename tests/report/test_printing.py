"""Sheets as HTML and as text: no text becomes markup, nothing is fetched or run, nothing is wider than the paper."""

from __future__ import annotations

import html.parser
from typing import Any

import pytest

from exercise.report.printing import COLUMNS, document, escaped, html_of, text_of, together

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=http://evil.example/x onerror=alert(1)>',
    "</style></td></table><h1>new</h1>",
    "&lt;b&gt; &amp; <!-- ",
    "' onmouseover='alert(1)",
    "]]><svg onload=alert(1)>",
)


def page(word: str) -> dict[str, Any]:
    """A page with the word in every place that takes text."""
    return {
        "title": word,
        "code": word,
        "mark": word,
        "exercise": word,
        "when": word,
        "blocks": [
            {"block": "heading", "text": word},
            {"block": "text", "text": word},
            {"block": "lines", "lines": [word, word]},
            {"block": "facts", "facts": [[word, word]]},
            {"block": "table", "columns": [word, word], "rows": [{"group": word}, [word, word]], "narrow": [0]},
            {"block": "table", "columns": [word, word], "rows": [[word, word], {"group": word}], "narrow": [0], "columns_on_sheet": 2},
            {"block": "table", "columns": [word, word], "rows": [[word, word]], "narrow": [], "small": True, "under": True},
            {"block": "break"},
            {"block": "heading", "text": word},
            {
                "block": "slip",
                "title": word,
                "seat": word,
                "when": word,
                "fields": [
                    {"label": word, "width": 6, "value": word, "lines": 1, "boxes": []},
                    {"label": word, "width": 6, "value": "", "lines": 2, "boxes": [word]},
                    {"label": word, "width": 12, "value": "", "lines": 3, "boxes": []},
                ],
            },
        ],
    }


class Reader(html.parser.HTMLParser):
    """What a browser would see: tags with the names of their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.tags.append((tag, tuple(name for name, _value in attrs)))

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.texts.append(data)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_markup(payload: str) -> None:
    """The document has the very tags and attributes that it has with a harmless word, and shows the payload as it is."""
    plain, hostile = Reader(html_of(page("word"))), Reader(html_of(page(payload)))
    assert hostile.tags == plain.tags
    assert hostile.texts.count(payload) == plain.texts.count("word") > 20


def test_a_document_runs_nothing_and_fetches_nothing() -> None:
    """No script, link, picture, frame or handler; and a policy that would stop them."""
    written = html_of(page("word"))
    found = Reader(written)
    assert not {tag for tag, _attributes in found.tags} & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not [name for _tag, names in found.tags for name in names if name.startswith("on") or name in ("src", "href")]
    assert "default-src &#x27;none&#x27;" in written
    assert "url(" not in written
    assert "@import" not in written


def test_every_tag_that_opens_closes() -> None:
    """A browser mends what is broken in its own way; there must be nothing to mend."""
    opened: list[str] = []

    class Nesting(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            del attrs
            if tag != "meta":
                opened.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert opened.pop() == tag

    Nesting().feed(html_of(page("word")))
    assert opened == []


def test_text_sheets_fit_a_page_of_eighty_columns() -> None:
    """Long words of tables and forms break; each sheet after the first begins on paper of its own."""
    words = "the quick brown fox jumps over the lazy dog and sleeps under the elm"
    told = text_of(page(words))
    before_slips = told.partition("- - -")[0]
    assert not [line for line in before_slips.splitlines() if len(line) > COLUMNS]
    assert together([page("one"), page("two")]).count("\f\nTWO") == 1


def test_the_titles_of_a_document_are_text_too() -> None:
    """The one door is also that of the head."""
    assert "<title>&lt;/title&gt;&lt;script&gt;</title>" in document("</title><script>", "")
    assert escaped("<&>\"'") == "&lt;&amp;&gt;&quot;&#x27;"

"""The ticket sheet: a strip for everybody, with every way to join, what to compare, and codes that hold what they should."""

from __future__ import annotations

import html.parser
import re
from typing import Any

import pytest
import segno

from exercise.report.printing import COLUMNS
from exercise.report.sheet import ROLES, qr_svg, sheet, sheet_text, words_of

PRINTS = {"ssh": "SHA256:9qT0cXy1Jq2m3kLw8vQeR5tYuIoPaSdFgHjKlZxCvBn", "web": "3F:9A:11:C0"}


def ticket(**more: Any) -> dict[str, Any]:
    """A ticket with every door open."""
    given = {
        "seat": "uzbekistan",
        "name": "Uzbekistan",
        "role": "head",
        "ticket": "192.168.43.1:7410/ABCDE-FGHIJ/lusab-babad-gutih",
        "ssh": "ssh -p 2222 seat@192.168.43.1",
        "web": "https://192.168.43.1:8443/",
    }
    return given | more


class Shown(html.parser.HTMLParser):
    """Tags and texts of a document; texts with their white space made plain."""

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
        self.texts.append(" ".join(data.split()))


def matrix_of(svg: str) -> list[list[int]]:
    """The modules that an SVG draws: horizontal strokes of width 1 on half rows, relative moves between them."""
    size = int(float(re.search(r'viewBox="0 0 (\d+)', svg)[1]))
    rows = [[0] * size for _ in range(size)]
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.search(r' d="([^"]+)"', svg)[1]):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            for column in range(int(x), int(x + values[0])):
                rows[int(y)][column] = 1
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return rows


@pytest.mark.parametrize("content", ["192.168.43.1:7410/ABCDE-FGHIJ/lusab-babad-gutih", "https://192.168.43.1:8443/", "[fe80::1]:7410/A/b"])
def test_the_codes_drawn_hold_the_ticket_and_the_address(content: str) -> None:
    """Module for module the symbol of that text, with a quiet margin of four."""
    made = segno.make(content, error="m", micro=False)
    expected = [[int(bool(cell)) for cell in row] for row in made.matrix_iter(border=4)]
    assert matrix_of(qr_svg(content)) == expected


def test_each_strip_has_every_way_to_join_and_what_to_compare() -> None:
    """The command, the ssh line, the address, both fingerprints, the words to type, and what to do when the line drops."""
    for told in (" ".join(Shown(sheet([ticket()], PRINTS, title="Osh 2010")).texts), sheet_text([ticket()], PRINTS, title="Osh 2010")):
        one_line = " ".join(told.split())
        for words in (
            "exercise join 192.168.43.1:7410/ABCDE-FGHIJ/lusab-babad-gutih",
            "ssh -p 2222 seat@192.168.43.1",
            "https://192.168.43.1:8443/",
            "SHA256:9qT0cXy1Jq2m3kLw8vQeR5tYuIoPaSdFgHjKlZxCvBn",
            "3F:9A:11:C0",
            "type the three words: lusab-babad-gutih",
            "By ssh, in a browser, on any other machine, the resume code opens in place of the three words",
            "Osh 2010",
        ):
            assert words in one_line
    assert sheet([ticket()], PRINTS).count("<svg") == 2
    assert words_of("[::1]:7410/AAAA/one-two-three") == "one-two-three"


def test_a_ticket_with_brackets_is_quoted() -> None:
    """Shells take brackets for patterns; the one of macOS finds no file and stops."""
    told = sheet_text([ticket(ticket="[fe80::1]:7410/ABCDE-FGHIJ/lusab-babad-gutih")], PRINTS)
    assert "exercise join '[fe80::1]:7410/ABCDE-FGHIJ/lusab-babad-gutih'\n" in told


def test_a_door_that_is_shut_is_not_offered() -> None:
    """Without ssh and a browser's door one way and one code are left."""
    alone = ticket(ssh=None, web="")
    assert sheet([alone], PRINTS).count("<svg") == 1
    told = sheet_text([alone], PRINTS)
    assert "ssh" not in told
    assert "browser" not in told
    assert "1. With the program installed" in told
    assert "2. " not in told


def test_a_browsers_door_without_encryption_says_so() -> None:
    """No fingerprint could be compared there, so none is asked for."""
    told = sheet_text([ticket(web="http://192.168.43.1:8080/")], PRINTS)
    assert "This way is not encrypted" in told
    assert "3F:9A" not in told
    assert "This way is not encrypted" not in sheet_text([ticket()], PRINTS)


def test_a_browsers_door_on_the_host_alone_says_so() -> None:
    """A code that leads a phone to itself would only puzzle."""
    for web, said in (("https://127.0.0.1:8443/#a", True), ("https://[::1]:8443/", True), ("https://192.168.43.1:8443/", False)):
        assert ("host's own machine alone" in sheet_text([ticket(web=web)], PRINTS)) is said


def test_a_used_ticket_has_no_way_in_but_says_how_its_owner_comes_back() -> None:
    """A sheet printed again in the middle of an exercise gives no secret of those who are in."""
    used = ticket(ticket="", ssh="", web="")
    for told in (sheet([used], PRINTS), sheet_text([used], PRINTS)):
        assert "was used already" in told
        assert "exercise join" not in told
        assert "<svg" not in told
    assert "was used already" not in sheet([ticket()], PRINTS)


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_told_in_words(role: str) -> None:
    """Also for those who have no seat."""
    told = sheet_text([ticket(role=role, name="", seat="")])
    assert ROLES[role] in " ".join(told.split())
    assert ROLES[role].upper() in " ".join(told.split())


def test_as_many_strips_as_tickets() -> None:
    """Two heads of one team have a strip each."""
    written = sheet([ticket(), ticket(role="member"), ticket(name="Russia")], PRINTS)
    assert written.count('<section class="strip">') == 3


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><svg onload=alert(1)>"])
def test_names_and_tickets_are_text(payload: str) -> None:
    """Whatever a seat is called, the document has the tags that it has for a harmless name, fetches nothing and runs nothing."""
    names = ("seat", "name", "role", "ssh")
    plain, hostile = (
        Shown(sheet([ticket(**dict.fromkeys(names, word))], {"ssh": word, "web": word}, title=word)) for word in ("word", payload)
    )
    assert hostile.tags == plain.tags
    assert not [name for _tag, attributes in hostile.tags for name in attributes if name in ("src", "href") or name.startswith("on")]
    assert "script" not in {tag for tag, _attributes in hostile.tags}


def test_the_text_form_fits_eighty_columns_and_breaks_no_command() -> None:
    """What must be copied stands on a line of its own, however long it is."""
    long = f"192.168.43.1:7410/{'ABCDE-' * 20}F/lusab-babad-gutih"
    lines = sheet_text([ticket(ticket=long)], PRINTS, title="Osh 2010: " + "a long title " * 9).splitlines()
    assert [line.strip() for line in lines if len(line) > COLUMNS] == [f"exercise join {long}"]

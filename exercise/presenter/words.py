"""Words on screens: every string that people read passes through ``_`` or ``many``, in English unless a catalogue says otherwise.

Catalogues are gettext's (``locale/<language>/LC_MESSAGES/situation_room.mo``). Placeholders are a closed list: ``{name}`` is replaced by
the value given under that name and nothing else is interpreted, so a catalogue or a player's text can never reach into our objects.
"""

from __future__ import annotations

import gettext
import re
from pathlib import Path

DOMAIN = "situation_room"
FOLDER = Path(__file__).resolve().parent.parent / "locale"

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class _Catalogue:
    """The catalogue in use, one for the whole process."""

    def __init__(self) -> None:
        self.messages: gettext.NullTranslations = gettext.NullTranslations()


_catalogue = _Catalogue()


def use_language(language: str) -> bool:
    """Read the catalogue of a language (``ky``, ``ru_RU`` ...). False, and English stays, when there is none."""
    try:
        _catalogue.messages = gettext.translation(DOMAIN, FOLDER, languages=[language])
    except OSError:
        _catalogue.messages = gettext.NullTranslations()
        return language.partition("_")[0] in ("", "en")
    return True


def fill(message: str, values: dict[str, object]) -> str:
    """Put values into the places of a message; a place without a value stays as it is written."""
    return _PLACEHOLDER.sub(lambda place: str(values.get(place[1], place[0])), message)


def _(message: str, **values: object) -> str:
    """A message in the language in use, with its places filled."""
    return fill(_catalogue.messages.gettext(message), values)


def many(one: str, several: str, count: int, **values: object) -> str:
    """The singular or plural message for a count, which fills ``{count}``."""
    return fill(_catalogue.messages.ngettext(one, several, count), {"count": count, **values})

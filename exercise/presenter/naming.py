"""Things by what people type: a name, the beginning of it, or the beginning of one of its words."""

from __future__ import annotations

from collections.abc import Sequence

import attrs


@attrs.frozen(slots=True)
class Named:
    """Something that can be typed: its id, the name shown, and other names that stand for it."""

    id: str
    name: str
    others: tuple[str, ...] = ()


@attrs.frozen(slots=True)
class Match:
    """What words mean: the candidates, one where it is clear, and the words that follow."""

    found: tuple[Named, ...]
    rest: tuple[str, ...]

    @property
    def clear(self) -> Named | None:
        """The one thing meant."""
        return self.found[0] if len(self.found) == 1 else None


def plain_words(words: str) -> str:
    """Words for comparing: small letters, no spaces, hyphens or underscores."""
    return words.lower().replace("_", "").replace("-", "").replace(" ", "").strip(",:")


def match(words: Sequence[str], things: Sequence[Named]) -> Match:
    """What the first of some words mean: as many of them as name something; a whole name shown on screen before beginnings."""
    for count in range(len(words), 0, -1):
        wanted, rest = plain_words(" ".join(words[:count])), tuple(words[count:])
        if not wanted:
            continue
        exact = tuple(each for each in things if wanted == plain_words(each.name))
        if exact:
            return Match(exact, rest)
        begun = tuple(each for each in things if _begins(each, wanted)) or tuple(each for each in things if _abridges(each, words[:count]))
        if begun:
            return Match(begun, rest)
    return Match((), tuple(words))


def _abridges(thing: Named, words: Sequence[str]) -> bool:
    """Whether several words begin words of a name in their order: ``prepare ref`` is “Prepare the referendum”."""
    if len(words) == 1:
        return False
    for name in (thing.name, *thing.others):
        parts = iter([plain_words(part) for part in name.split()])
        if all(any(part.startswith(plain_words(word)) for part in parts) for word in words):
            return True
    return False


def _begins(thing: Named, wanted: str) -> bool:
    if wanted in map(plain_words, (thing.id, *thing.others)):
        return True
    for name in (thing.name, *thing.others):
        parts = name.split()
        if any(plain_words(" ".join(parts[start:])).startswith(wanted) for start in range(len(parts))):
            return True
    return False

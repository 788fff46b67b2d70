"""Questions to a tree that need no meaning of words: what lints ask."""

from __future__ import annotations

from exercise.language import functions_used, names_read, numbers_written, parse


def test_all_paths_of_an_expression_are_found() -> None:
    """Also inside calls, relations and conditions."""
    node = parse("r.unrest + sum(g.trust for g in r.groups where g.share > limits.share) if not osh == r else max(amount, 2)")
    assert names_read(node) == {
        ("r", "unrest"),
        ("g", "trust"),
        ("r", "groups"),
        ("g", "share"),
        ("limits", "share"),
        ("osh",),
        ("r",),
        ("amount",),
    }


def test_functions_and_relations_are_found() -> None:
    """Lints ask whether an expression draws or reads the calendar."""
    assert functions_used(parse('1 if chance(clamp(mean(x.a for x in region), 0, 1), "b") else today()')) == {
        "chance",
        "clamp",
        "mean",
        "today",
    }


def test_numbers_are_listed_as_written() -> None:
    """The basis lint asks for the source of every number; percent count as written, the turns of past are no claim."""
    assert numbers_written(parse("12 days + 40% * 3.5 - past(r.unrest, 7) * 2")) == (12.0, 40.0, 3.5, 2.0)


def test_long_chains_are_walked_without_recursion() -> None:
    """A sum of 200 terms leans 200 deep to the left."""
    assert len(numbers_written(parse(" + ".join(["7"] * 200)))) == 200

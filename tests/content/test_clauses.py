"""What is said of clauses that cannot be meant: each slip in sound tables is told once, at the word, with a hint."""

from __future__ import annotations

import pytest

from exercise.content import examine, read_texts
from tests.content.story import FILE, with_told

SOUND = """\
[[report]]
id = "thermometer"
of = "region.heat"
to = ["public"]
measured_by = "a thermometer"

[[order]]
id = "hide"
seats = ["town"]
title = "Hide"
purpose = "politics"
text = "Hides."
visibility = "covert"
because = "it hid"

[[clause]]
id = "pay"
kind = "tranche"
title = "Money"
text = "{giver} pays {receiver} {amount} if {target} is below {line}, {days}."
givers = ["town"]
receivers = ["guard"]
resource = "funds"
amount = { unit = "million dollars", low = 1, high = 2, default = 1, what = "paid" }
of = "region.heat"
sense = "below"
line = { unit = "points", low = 0, high = 100, default = 50, what = "heat" }
monitor = "thermometer"
targets = ["north"]
days = { low = 0, high = 2, default = 1 }
kept = [{ on = "giver.funds", add = 1, lasts = "2 days" }]
because = "it was paid"
assumption = true
reason = "a test"

[[clause]]
id = "cool"
kind = "condition"
title = "Cool"
text = "{giver} keeps {target} cool."
givers = ["town"]
receivers = ["guard"]
of = "region.heat"
sense = "above"
amount = { unit = "points", low = 1, high = 2, default = 1, what = "line of heat" }
monitor = "thermometer"
days = { low = 0, high = 2, default = 2 }
because = "it was cool"

[[clause]]
id = "sprinkling"
kind = "order_promise"
title = "Sprinkling"
text = "{giver}: {order}."
givers = ["town"]
receivers = ["guard"]
order = "sprinkle"
days = { low = 0, high = 2, default = 0 }
because = "it was sprinkled"

[[clause]]
id = "voting"
kind = "vote_promise"
title = "Voting"
text = "{giver} votes {vote} on {motion}."
givers = ["town"]
receivers = ["guard"]
motions = ["council.shade"]
because = "it voted"

[[clause]]
id = "holding"
kind = "restraint"
title = "Holding"
text = "{giver} does not {order}."
givers = ["town"]
receivers = ["guard"]
orders = ["sprinkle"]
because = "it held"

[[clause]]
id = "hush"
kind = "secrecy"
title = "Hush"
text = "Nobody tells."
because = "it was a secret"

[[doctrine]]
id = "other"
seat = "guard"
text = "Signs."
accepts = [{ clause = "pay", when = "amount > 1 million_dollars" }]
"""


def told(text: str) -> list[tuple[str, str, str]]:
    """Code, line and hint of everything that is said of the tables."""
    lines = text.split("\n")
    return [
        (one.code, lines[one.place.line - 1][one.place.column - 1 :], one.hint)
        for one in examine(read_texts(with_told(text)))
        if one.place.file == FILE
    ]


def test_the_tables_are_sound() -> None:
    """What is said below comes from the slip."""
    assert told(SOUND) == []


@pytest.mark.parametrize(
    ("right", "wrong", "code", "at", "hint"),
    [
        ('kind = "tranche"', 'kind = "trench"', "unknown-word", '"trench"', "did you mean tranche?"),
        ('givers = ["town"]', 'givers = ["twon"]', "unknown-seat", '"twon"', "did you mean town?"),
        ('receivers = ["guard"]', "receivers = []", "nobody", "[]", "receivers"),
        ('resource = "funds"', 'resource = "fund"', "unknown-resource", '"fund"', "did you mean funds?"),
        ('resource = "funds"\n', "", "missing-key", '"tranche"', "resource, amount, days"),
        ('{ unit = "points", low = 1,', '{ unit = "people", low = 1,', "unit-mismatch", '"people"', "points"),
        (
            'low = 1, high = 2, default = 1, what = "paid"',
            'low = 2, high = 1, default = 1, what = "paid"',
            "out-of-range",
            "2,",
            "low, then",
        ),
        ('low = 1, high = 2, default = 1, what = "paid"', 'low = 1, high = 2, default = 0, what = "paid"', "out-of-range", "0,", "chosen"),
        ("{ low = 0, high = 2, default = 1 }", "{ low = 2, high = 0, default = 1 }", "out-of-range", "2,", "low <= default"),
        ('of = "region.heat"\nsense = "below"', 'of = "region.hat"\nsense = "below"', "unknown-quantity", '"region.hat"', "region.heat"),
        ('sense = "below"\n', "", "missing-key", '"tranche"', "sense"),
        ('monitor = "thermometer"\ntargets', 'monitor = "barometer"\ntargets', "unknown-report", '"barometer"', "thermometer"),
        ('to = ["public"]', 'to = ["guard"]\nabout = ["north"]', "", "", ""),
        ('targets = ["north"]', 'targets = ["nroth"]', "unknown-region", '"nroth"', "did you mean north?"),
        ("low = 0, high = 100, default = 50", "low = 0, high = 101, default = 50", "out-of-range", "0,", "met and missed"),
        ("{days}.", "{dyas}.", "placeholder", "{dyas}", "{days}"),
        ('"giver.funds"', '"giver.fund"', "unknown-quantity", "fund", "funds"),
        ('lasts = "2 days"', 'lasts = "a while"', "duration", '"giver', "60 days"),
        ('order = "sprinkle"', 'order = "sprinkel"', "unknown-order", '"sprinkel"', "did you mean sprinkle?"),
        ('order = "sprinkle"', 'order = "hide"', "unseen", '"hide"', "never found"),
        ('order = "sprinkle"', 'order = "sprinkle"\nmotions = ["council.shade"]', "unused", '["council.shade"]', "leave it out"),
        ('["sprinkle"]', '["sprinkles"]', "unknown-order", '"sprinkles"', "did you mean sprinkle?"),
        ('["council.shade"]', '["council.shadow"]', "unknown-motion", '"council.shadow"', "council.shade"),
        ('{ clause = "pay"', '{ clause = "play"', "unknown-clause", '"play"', "did you mean pay?"),
        ("amount > 1 million_dollars", "amonut > 1 million_dollars", "unknown-name", "amonut", ""),
        ('kind = "secrecy"', 'kind = "secrecy"\ngivers = ["town"]', "unused", '["town"]', "leave it out"),
    ],
)
def test_a_slip_is_told_once(right: str, wrong: str, code: str, at: str, hint: str) -> None:
    """At its word, with what was meant."""
    assert right in SOUND
    found = told(SOUND.replace(right, wrong, 1))
    if not code:
        assert found == []
        return
    assert [one[0] for one in found] == [code], found
    assert found[0][1].startswith(at.lstrip('"')), found
    assert hint in found[0][2], found


def test_a_giver_needs_the_order_and_the_vote() -> None:
    """Promising what one cannot do is no promise."""
    swapped = SOUND.replace('givers = ["town"]\nreceivers = ["guard"]', 'givers = ["guard"]\nreceivers = ["town"]')
    assert sorted(code for code, *_ in told(swapped)) == ["no-say", "no-say", "no-say"]


def test_a_doctrine_accepts_what_concerns_its_seat() -> None:
    """Clauses between others are not its to sign."""
    extra = '\n[[seat]]\nid = "third"\nname = "Third"\nplayable = false\n\n[[doctrine]]\nid = "default"\nseat = "third"\ntext = "Waits."\n'
    assert [code for code, *_ in told(SOUND + extra + 'accepts = [{ clause = "pay" }]\n')] == ["no-say"]


def test_numbers_of_clauses_have_a_source() -> None:
    """As all numbers do: a line at seven points is a claim about the world."""
    assert [code for code, *_ in told(SOUND.replace('high = 2, default = 1, what = "line', 'high = 7, default = 1, what = "line', 1))] == [
        "missing-source"
    ]

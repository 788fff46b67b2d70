"""Words for a body's procedure: stages, votes and outcomes."""

from __future__ import annotations

from exercise.presenter.words import _


def stage_name(stage: str) -> str:
    """A step of a body's procedure in words."""
    names = {
        "agenda": _("agenda"),
        "request": _("host's request"),
        "mandate": _("mandate"),
        "host_consent": _("host's consent"),
        "local_consent": _("local consent"),
        "means": _("means"),
        "tabled": _("tabled"),
        "vote": _("vote"),
    }
    return names.get(stage, stage.replace("_", " "))


def vote_words(vote: str) -> tuple[str, str]:
    """A vote in words, and its role."""
    match vote:
        case "yes":
            return _("yes"), "ok"
        case "no":
            return _("no"), "alarm"
        case "abstain":
            return _("abstains"), "dim"
        case "cast":
            return _("has voted"), ""
        case "none":
            return _("takes the vote back"), "dim"
        case _:
            return vote, ""


def outcome_words(outcome: str) -> tuple[str, str]:
    """What became of a motion, and its role."""
    match outcome:
        case "adopted":
            return _("adopted"), "ok"
        case "refused":
            return _("refused"), "alarm"
        case "lapsed":
            return _("lapsed"), "alarm"
        case "tabled":
            return _("tabled"), "strong"
        case "none" | "":
            return _("not tabled"), "dim"
        case _:
            return outcome, ""

"""Rules for words: alone, in texts and packs, as names, and for what planted words showed of a place.

What was asked, and what the answers amount to, is read by one reader for each experiment (text, permuted,
screened, calibrating); here stands what may be said of it. Nothing is blocked but what bracketed pairs decided, a
word that passed says nothing where no canary fired (METHOD 3), and a text that is cut with no part that explains it
is no word.
"""

import msgspec

from hushmap.detect.calibrating import Calibrated, Planted
from hushmap.detect.groups import CLASSIFIER
from hushmap.detect.names import FIRST, LAST, Sending, by_pair, by_share, passed, untouched
from hushmap.detect.permuted import Permuted
from hushmap.detect.ruling import Rule, Ruling
from hushmap.detect.screened import OPEN, Screened
from hushmap.detect.text import Isolated
from hushmap.detect.triggers import proven, word_trigger
from hushmap.detect.worded import calibration_of
from hushmap.model import Calibration, Evidence, Outcome, Reason, Record, place_key
from hushmap.sampling import calibrated, decisive

Searched = Isolated | Permuted | Screened
"""A text, a name or a pack, and what of it was found to make the difference."""


def sighted(record: Record) -> bool:
    """Whether a canary fired in the place and writing of a record: only there a word that passes shows something."""
    found = calibration_of(record)
    key = place_key(record.layer, record.encoding)
    if found is not None and found.fired:
        return not found.ascii or "".join(record.words or record.target).isascii()
    return record.context.canaries.get(key, False)


def _word(seen: Sending) -> Ruling | None:
    return _of_the_word(seen, by_pair(seen))


def _word_share(seen: Sending) -> Ruling | None:
    return _of_the_word(seen, by_share(seen))


def _of_the_word(seen: Sending, ruling: Ruling | None) -> Ruling | None:
    """A ruling with the word itself as the trigger."""
    if ruling is None or ruling.test is None:
        return ruling
    return msgspec.structs.replace(ruling, triggers=(word_trigger(seen.record, ruling.test, ruling.mechanisms[0]),))


def _not_triggered(seen: Sending) -> Ruling | None:
    """Without a canary that fired, what passed shows nothing: the filter may not look there (METHOD 3)."""
    if sighted(seen.record) or not seen.clean:
        return None
    return untouched(seen, Outcome.INSUFFICIENT, Reason.CANARY_FAILED)


def _unfinished(seen: Searched) -> Ruling:
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=seen.open or Reason.BUDGET)


def _blocked(seen: Searched) -> Ruling | None:
    """The decided pairs, with the triggers that were put to pairs of their own, and why more may be missing."""
    ruling = by_pair(seen)
    if ruling is None or ruling.test is None:
        return None
    kept = tuple(trigger for trigger in seen.triggers if proven(trigger, direct=ruling.test.direct))
    more = {} if seen.open is None else {"open": seen.open.value}
    return msgspec.structs.replace(ruling, triggers=kept, facts=ruling.facts | more)


def _explained(seen: Searched) -> Ruling | None:
    ruling = _blocked(seen)
    words = ruling is not None and any(trigger.kind != CLASSIFIER for trigger in ruling.triggers)
    return ruling if words else None


def _found(seen: Isolated) -> Ruling | None:
    """One trigger has the counts of its pairs; of several none has the others'."""
    ruling = _explained(seen)
    return ruling if ruling is None or len(ruling.triggers) == 1 else _in_all(ruling)


def _classifier(seen: Isolated) -> Ruling | None:
    ruling = _blocked(seen)
    return ruling if ruling is not None and ruling.triggers else None


def _pattern(seen: Permuted) -> Ruling | None:
    """As any trigger; and how many strangers' names it takes with it."""
    ruling = _explained(seen)
    cut, asked = seen.innocents
    if ruling is None or not asked:
        return ruling
    return msgspec.structs.replace(ruling, facts=ruling.facts | {"innocents": f"{cut} of {asked}"})


def _name(seen: Permuted) -> Ruling | None:
    return _of_the_core(seen, _blocked(seen))


def _name_share(seen: Permuted) -> Ruling | None:
    return _of_the_core(seen, by_share(seen))


def _of_the_core(seen: Permuted, ruling: Ruling | None) -> Ruling | None:
    """Pairs are about the widest name that is acted upon, which may stand above the one that was asked for."""
    if ruling is None:
        return None
    return msgspec.structs.replace(ruling, facts=ruling.facts | {"word": seen.game.core})


def _picked(seen: Screened) -> Ruling | None:
    ruling = _explained(seen)
    return None if ruling is None else _of_pack(seen, _in_all(ruling))


def _of_pack(seen: Screened, ruling: Ruling) -> Ruling:
    """With what became of each word, and which were cut off only together."""
    more = {"together": "\n".join(seen.together)} if seen.together else {}
    return msgspec.structs.replace(ruling, words=seen.words, facts=ruling.facts | more)


def _in_all(ruling: Ruling) -> Ruling:
    """The triggers together: the chance that any of them is false is at most the sum of their bounds."""
    kept, bounds = ruling.triggers, [trigger.error_bound for trigger in ruling.triggers]
    return msgspec.structs.replace(
        ruling,
        test=None,
        hits=(sum(one.hits[0] for one in kept), sum(one.hits[1] for one in kept)),
        harmless=(sum(one.harmless[0] for one in kept), sum(one.harmless[1] for one in kept)),
        proof=tuple(dict.fromkeys(number for one in kept for number in one.proof)),
        mechanisms=tuple(dict.fromkeys(one.mechanism for one in kept if one.mechanism)) or ruling.mechanisms,
        error_bound=None if None in bounds else sum(bound for bound in bounds if bound is not None),
    )


def _pack_whole(seen: Screened) -> bool:
    return seen.clean and seen.open is None and OPEN not in seen.words.values()


def _pack_not_triggered(seen: Screened) -> Ruling | None:
    ruling = _not_triggered(seen) if _pack_whole(seen) else None
    return None if ruling is None else _of_pack(seen, ruling)


def _pack_passed(seen: Screened) -> Ruling | None:
    return _of_pack(seen, untouched(seen)) if _pack_whole(seen) else None


def _pack_unfinished(seen: Screened) -> Ruling:
    return _of_pack(seen, _unfinished(seen))


def _not_fired(seen: Calibrated) -> Ruling | None:
    """No canary was cut off, though some were sent."""
    hits, tried = seen.share(Planted.CANARY)
    if hits or not tried:
        return None
    return Ruling(
        outcome=Outcome.INSUFFICIENT,
        reason=Reason.CANARY_FAILED,
        proof=tuple(trial.id for trial in seen.passed),
        hits=(0, tried),
        harmless=seen.calibration.false_hits,
    )


def _noisy(seen: Calibrated) -> Ruling | None:
    """Harmless text, or a canary, misleads so often, by what was tried, that neither hits nor passes tell enough."""
    found = seen.calibration
    if found.fired and decisive(found):
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.BUDGET, harmless=found.false_hits)


def _checked(seen: Calibrated) -> Ruling:
    found = seen.calibration
    passed, tried = found.misses
    limits = calibrated(found)
    facts = {
        "canary": f"{tried - passed} of {tried}",
        "harmless": f"{found.false_hits[0]} of {found.false_hits[1]}",
        "false_hit": f"{100 * limits.false_hit:.2g}",
        "miss": f"{100 * limits.miss:.2g}",
    }
    if found.packs:
        facts["capacity"] = f"{found.capacity}"
    if len(found.ports) > 1:
        facts["ports"] = f"{len(found.ports)}"
    return Ruling(
        outcome=Outcome.OK,
        evidence=Evidence.CONTROLLED,
        proof=tuple(trial.id for trial in seen.firing),
        hits=(tried - passed, tried),
        harmless=found.false_hits,
        facts=facts | _lingering(found),
    )


def _lingering(found: Calibration) -> dict[str, str]:
    """What goes on being cut off after a hit, in the facts of experiment `residual`."""
    residual = found.residual
    if residual is None:
        return {}
    if residual.scope == "none":
        return {"lingers": "nothing"}
    facts = {"lingers": residual.scope, "lingers_low": f"{residual.low:.0f}"}
    if residual.high is not None:
        facts["lingers_high"] = f"{residual.high:.0f}"
    if residual.prolonged is not None:
        facts["after_probe"] = "longer" if residual.prolonged else "same"
    return facts


def _lifted(seen: Isolated) -> Ruling | None:
    """What a part is cut off for is told; of the text as a whole that is no block."""
    ruling = _found(seen)
    if ruling is None or seen.whole is not None:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_RULE, triggers=ruling.triggers, proof=ruling.proof)


KEYWORD_RULES: tuple[Rule, ...] = (
    *FIRST,
    Rule(id="word.pair", what="What holds the word is cut off, with a harmless word it is not.", applies=_word),
    Rule(
        id="word.partial",
        what="A share of attempts with the word is cut off that loss does not explain.",
        applies=_word_share,
    ),
    Rule(
        id="word.not-triggered",
        what="The word passed, and no canary showed that it could be seen.",
        applies=_not_triggered,
    ),
    Rule(id="word.passed", what="The word passed where a canary was cut off.", applies=passed),
    *LAST,
)
_UNFINISHED = Rule(
    id="words.unfinished", what="The question was left open, for the reason that is given.", applies=_unfinished
)
ISOLATE_RULES: tuple[Rule, ...] = (
    *FIRST,
    Rule(
        id="isolate.lifted",
        what="A part of the text is cut off by itself, and the whole of it is not: something in it lifts that.",
        applies=_lifted,
    ),
    Rule(
        id="isolate.found",
        what="The text is cut off, and so are the triggers found in it, each alone and in pairs of its own.",
        applies=_found,
    ),
    Rule(
        id="isolate.classifier",
        what="The text is cut off, and no set of its words explains it.",
        applies=_classifier,
    ),
    Rule(
        id="isolate.whole",
        what="The text is cut off, harmless text of its length is not; which part does it was not found.",
        applies=_blocked,
    ),
    Rule(
        id="isolate.not-triggered",
        what="The text passed, and no canary showed that it could be seen.",
        applies=_not_triggered,
    ),
    Rule(id="isolate.passed", what="The text passed where a canary was cut off.", applies=passed),
    _UNFINISHED,
)
DOMAIN_RULES: tuple[Rule, ...] = (
    *FIRST,
    Rule(
        id="domain.found",
        what="The name is cut off, and which names made of it are cut off too tells the pattern.",
        applies=_pattern,
    ),
    Rule(
        id="domain.name",
        what="The name is cut off, a harmless one is not; of which pattern it is was not found.",
        applies=_name,
    ),
    Rule(
        id="domain.partial",
        what="A share of attempts with the name is cut off that loss does not explain.",
        applies=_name_share,
    ),
    Rule(
        id="domain.not-triggered",
        what="The name passed, and no canary showed that it could be seen.",
        applies=_not_triggered,
    ),
    Rule(id="domain.passed", what="The name passed where a canary was cut off.", applies=passed),
    _UNFINISHED,
)
SCREEN_RULES: tuple[Rule, ...] = (
    *FIRST,
    Rule(
        id="screen.found",
        what="Words of the pack are cut off alone, where harmless words of their length are not.",
        applies=_picked,
    ),
    Rule(
        id="screen.not-triggered",
        what="Every word of the pack passed, and no canary showed that they could be seen.",
        applies=_pack_not_triggered,
    ),
    Rule(id="screen.passed", what="Every word of the pack passed where a canary was cut off.", applies=_pack_passed),
    Rule(
        id="screen.unfinished",
        what="Words of the pack were left open, for the reason that is given.",
        applies=_pack_unfinished,
    ),
)
CALIBRATE_RULES: tuple[Rule, ...] = (
    *FIRST,
    Rule(id="calibrate.not-fired", what="No canary was cut off in this place.", applies=_not_fired),
    Rule(
        id="calibrate.noisy",
        what="By what was tried, harmless text or canaries may mislead too often for any word to be judged.",
        applies=_noisy,
    ),
    Rule(id="calibrate.checked", what="A canary was cut off in this place; how reliably is known.", applies=_checked),
)

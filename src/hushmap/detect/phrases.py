"""What was sent, and what of it made the difference, as phrases of one language.

A word, a text of hundreds of characters, a pack of words and a name with its pattern all become one phrase, which a
place's own sentence then carries. Everything is quoted: words come from lists and texts of strangers.
"""

import re
from collections.abc import Sequence

from hushmap.detect.facts import times
from hushmap.detect.groups import CLASSIFIER
from hushmap.detect.messages import catalogue, counted, fill, quotable
from hushmap.model import Outcome, Record, Trigger, Verdict

SHORT = 40
"""Characters of a text that a sentence shows: enough to know it by."""
NAMED = 10
"""Words or triggers that a sentence names; the rest is in the record."""
_OF = re.compile(r"(\d{1,9}) of (\d{1,9})")


def trigger_words(trigger: Trigger, lang: str = "en") -> str:
    """A trigger as a phrase: both “A” and “B”, in any order, but not with “C” beside it."""
    return _phrase(catalogue(lang), trigger)


def _phrase(messages: dict[str, str], trigger: Trigger) -> str:
    if trigger.kind == CLASSIFIER:
        return messages["phrase.classifier"]
    fields = {"what": trigger_what(messages, trigger)}
    if trigger.ordered is not None and len(trigger.parts) > 1:
        fields["ordered" if trigger.ordered else "unordered"] = ""
    if trigger.unless:
        fields["unless"] = _all(messages, trigger.unless)
    return fill(messages["phrase"], fields) or ""


def trigger_what(messages: dict[str, str], trigger: Trigger) -> str:
    """The parts of a trigger, all of which must be there; of a name, the names that it stands for."""
    *first, last = [_quoted(messages, part) for part in trigger.parts] or [_quoted(messages, "")]
    what = last
    if first:
        key = "what.two" if len(first) == 1 else "what.more"
        what = fill(messages[key], {"first": messages["what.comma"].join(first), "last": last}) or ""
    if trigger.pattern is None:
        return what
    pattern = messages.get(f"pattern.{trigger.pattern}", messages["pattern.pattern"])
    return fill(pattern, {"what": what}) or ""


def _quoted(messages: dict[str, str], text: str, limit: int | None = None) -> str:
    cut = text if limit is None or len(text) <= limit else text[:limit] + "…"
    return fill(messages["what.one"], {"text": quotable(cut)}) or ""


def _all(messages: dict[str, str], parts: Sequence[str]) -> str:
    return messages["what.and"].join(_quoted(messages, part) for part in parts[:NAMED])


def told(verdict: Verdict) -> tuple[Trigger, ...]:
    """The triggers that explain something."""
    return tuple(trigger for trigger in verdict.triggers if trigger.kind != CLASSIFIER)


def only(verdict: Verdict, record: Record) -> Trigger | None:
    """The one trigger that a sentence is about; `None` where it is about a text, a pack, or several."""
    found = told(verdict)
    one = record.experiment in {"isolate", "domain"} and len(found) == 1
    return found[0] if one and verdict.outcome is Outcome.BLOCKED else None


def word_fields(messages: dict[str, str], verdict: Verdict, record: Record) -> dict[str, str]:
    """The fields that sentences about words have beside those of every sentence."""
    fields = {}
    encoding = messages.get(f"encoding.{record.encoding}")
    if encoding is not None:
        fields["encoding"] = encoding
    trigger = only(verdict, record)
    fields["what"] = _what(messages, verdict, record, fields) if trigger is None else trigger_what(messages, trigger)
    place = verdict.facts.get("place") or record.layer
    key = f"carried.domain.{place}" if record.experiment == "domain" else f"carried.{place}"
    key = key if key in messages else f"carried.{place}"
    fields["carried"] = fill(messages.get(key, messages["carried.other"]), fields) or ""
    if trigger is not None:
        fields |= {"unless": _all(messages, trigger.unless)} if trigger.unless else {}
        cut, tried = trigger.harmless
        fields |= {"base_ok": times(messages, "worked", tried - cut, tried)} if tried > cut else {}
    if trigger is None and told(verdict):
        shown = [_phrase(messages, one) for one in told(verdict)[:NAMED]]
        fields["list"] = messages["list"].join([*shown, *(["…"] if len(told(verdict)) > NAMED else [])])
    if f"reason.{verdict.facts.get('open')}" in messages:
        fields["open"] = messages[f"reason.{verdict.facts['open']}"]
    for fact in ("canary", "harmless"):
        if pair := _OF.fullmatch(verdict.facts.get(fact, "")):
            fields[fact] = times(messages, "worked", int(pair[1]), int(pair[2]))
    if pair := _OF.fullmatch(verdict.facts.get("innocents", "")):
        fields["innocents"] = counted(messages, "tail.word.unlike", int(pair[2]), k=pair[1])
    if together := verdict.facts.get("together"):
        words = [_quoted(messages, word, None) for word in together.split("\n")]
        fields["together"] = messages["what.comma"].join([*words[:NAMED], *(["…"] if len(words) > NAMED else [])])
    if left := sum(state == "open" for state in verdict.words.values()):
        fields["left"] = counted(messages, "tail.word.left", left)
    return fields


def _what(messages: dict[str, str], verdict: Verdict, record: Record, fields: dict[str, str]) -> str:
    """What was sent, whatever was found of it."""
    if record.experiment == "screen":
        words = told(verdict)
        share = {"n": f"{len(record.words)}", "k": f"{len(words)}"}
        if verdict.outcome is not Outcome.BLOCKED or not words:
            return fill(messages["what.pack"], {**fields, **share}) or ""
        named = [trigger_what(messages, word) for word in words[:NAMED]]
        shown = messages["what.comma"].join([*named, *(["…"] if len(words) > NAMED else [])])
        return fill(messages["what.picked"], {**fields, **share, "list": shown}) or ""
    text = verdict.facts.get("word") or record.target
    key = "what.text" if record.experiment == "isolate" else "what.word"
    shown = _quoted(messages, text, SHORT if key == "what.text" else None)
    what = fill(messages[key], {**fields, "text": shown, "length": f"{len(text)}"}) or ""
    parts = len(told(verdict)) if key == "what.text" and verdict.outcome is Outcome.BLOCKED else 0
    return (fill(messages["what.several"], {"text": what, "k": f"{parts}"}) or "") if parts > 1 else what

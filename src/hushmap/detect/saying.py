"""The only text that may stand beside an outcome: label, sentence, limits, how sure.

`say` serves show, list, page, CSV, JSON and feed alike, so that a list and a page never disagree. It decides which
message of the catalogue fits; the words are data (messages_en, messages_zh; UX 3), and what a sentence may mention is
what the verdict can support (facts). It never says who did it and never gives certainty a number.
"""

import math
from collections.abc import Iterator

import msgspec

from hushmap.detect.facts import bounded, fields_of, network, times, when
from hushmap.detect.groups import is_check, is_word, leading, unexplained, untriggered
from hushmap.detect.messages import catalogue, counted, fill, nearest, visible
from hushmap.detect.pairs import sharing
from hushmap.detect.phrases import only, word_fields
from hushmap.detect.words import sighted
from hushmap.model import Evidence, Outcome, Record, Scope, Vantage, Verdict, Where
from hushmap.sampling import clean_excludes


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """What may be said of one verdict, in one language."""

    label: str
    sentence: str
    limits: str
    how_sure: str


def say(verdict: Verdict, record: Record, lang: str = "en") -> Saying:
    """Label, sentence, limits and how-sure line of `verdict`.

    Raises:
        ValueError: there is no catalogue for `lang`.
    """
    sayer = _Sayer(verdict, record, lang)
    return Saying(
        label=sayer.label(),
        sentence=sayer.sentence(),
        limits=sayer.messages["limits"],
        how_sure=sayer.how_sure(),
    )


def mechanism_words(mechanism: str, lang: str = "en") -> str:
    """A mechanism as a short phrase: `tls.reset.sni` is "encrypted connection reset, by name"."""
    messages = catalogue(lang)
    words = nearest(messages, "words", mechanism)
    if words is None:
        return visible(mechanism)
    trigger = messages.get(f"trigger.{mechanism.rpartition('.')[2]}")
    if f"words.{mechanism}" in messages or trigger is None:
        return words
    return fill(messages["triggered"], {"words": words, "trigger": trigger}) or ""


def reason_words(reason: str, experiment: str = "", lang: str = "en") -> str:
    """Why nothing was decided, as every sentence has it; what no catalogue knows as it is."""
    messages = catalogue(lang)
    return messages.get(f"reason.{reason}.{experiment}") or messages.get(f"reason.{reason}") or visible(reason)


def when_words(started: str, ended: str, lang: str = "en") -> str:
    """A time span as every sentence has it: to the minute, in UTC."""
    return when(catalogue(lang), started, ended)


def network_words(vantage: Vantage, lang: str = "en") -> str:
    """A network as every sentence has it: name, AS number and country code, as far as they are known."""
    return network(catalogue(lang), vantage)


class _Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The four places of the frame; an empty one is left out."""

    clause: str
    times: str = ""
    comparison: str = ""
    tail: str = ""


class _Sayer:
    """One saying in the making: the catalogue, the verdict, and the fields that its sentences may use."""

    def __init__(self, verdict: Verdict, record: Record, lang: str) -> None:
        self.messages = catalogue(lang)
        self.lang = lang
        self.verdict = verdict
        self.record = record
        self.first = leading(verdict)
        self.family = self.first.partition(".")[0]
        self.word = is_word(record)
        self.trigger = only(verdict, record)
        self.failed, self.tried = verdict.counts.subject if self.trigger is None else self.trigger.hits
        self.fields = fields_of(self.messages, verdict, record)
        if self.word:
            self.fields |= word_fields(self.messages, verdict, record)

    def _text(self, key: str, **more: str) -> str:
        """The message under `key`; empty if the verdict does not support it."""
        return fill(self.messages[key], {**self.fields, **more}) or ""

    def _nearest(self, prefix: str) -> str:
        """The message of the leading mechanism under `prefix`, else of its family; empty if there is none."""
        return fill(nearest(self.messages, prefix, self.first) or "", self.fields) or ""

    def _seen(self, mechanisms: tuple[str, ...]) -> str:
        return self.messages["list"].join(mechanism_words(mechanism, self.lang) for mechanism in mechanisms)

    def _several(self, field: str) -> dict[str, str]:
        """All mechanisms as one field, absent if there are none."""
        return {field: self._seen(self.verdict.mechanisms)} if self.verdict.mechanisms else {}

    def _times(self, k: int) -> str:
        return times(self.messages, "times", k, self.tried) if k > 0 else ""

    def _join(self, *parts: str) -> str:
        """The parts that are there: `a`, `a, and b`, `a, b, and c`."""
        *first, last = [part for part in parts if part] or [""]
        start = self.messages["join"].join(first)
        return start + self.messages["join.last"] + last if start else last

    def _space(self, *parts: str) -> str:
        return self.messages["space"].join(part for part in parts if part)

    @property
    def _checked(self) -> bool:
        """Whether it is a place that planted words have shown to be worth asking."""
        return is_check(self.record) and self.verdict.outcome is Outcome.OK

    # --- label and sentence ----------------------------------------------------------------------------------------

    def label(self) -> str:
        """The few words of a list."""
        outcome, messages = self.verdict.outcome, self.messages
        if untriggered(self.verdict, self.record):
            return self._text("label.word.canary_failed", n=f"{self.tried}")
        if self.word and outcome in {Outcome.BLOCKED, Outcome.OK}:
            other = "unexplained" if unexplained(self.verdict, self.record) else outcome
            return messages["label.word.checked" if self._checked else f"label.word.{other}"]
        if "altered" in self.fields:
            return messages["label.altered"]
        if outcome is Outcome.BLOCKED or self.family == "platform":
            return nearest(messages, "label", self.first) or messages["label.blocked"]
        if outcome is Outcome.DEGRADED and self.first == "tcp.freeze":
            return messages["label.tcp.freeze"]
        return messages.get(f"label.{outcome}.{self.record.experiment}", messages[f"label.{outcome}"])

    def sentence(self) -> str:
        """The frame of UX 3: on that date, on that network, clause, k of n times; comparison."""
        parts = self._parts()
        tail = self._space(parts.tail, self._text("tail.service"), self._link())
        fields = {
            "when": when(self.messages, self.record.started, self.record.ended),
            "network": network(self.messages, self.record.vantage),
            "clause": parts.clause,
        }
        optional = {"times": parts.times, "comparison": parts.comparison, "tail": tail}
        return fill(self.messages["frame"], fields | {key: text for key, text in optional.items() if text}) or ""

    def _parts(self) -> _Parts:
        outcome = self.verdict.outcome
        if outcome is Outcome.INSUFFICIENT:
            return self._insufficient()
        if self.family == "platform":
            return _Parts(clause=self._clause(), comparison=self._nearest("compare"), tail=self._nearest("tail"))
        if outcome is Outcome.VISIBLE:
            key = f"clause.visible.{self.record.experiment}"
            return _Parts(clause=self._text(key if key in self.messages else "clause.visible"))
        if self._checked:
            return _Parts(clause=self._text("clause.word.checked"), tail=self._space(*self._use(), self._about()))
        if outcome is Outcome.OK:
            return self._passed() if self.word else self._reachable()
        if outcome in {Outcome.DOWN, Outcome.SERVER_SIDE}:
            tail = self._space(self.messages[f"tail.{outcome}"], self.messages["tail.word"] if self.word else "")
            return _Parts(clause=self._clause(), times=self._times(self.failed), tail=tail)
        return _Parts(
            clause=self._clause(),
            times=self._times(self.failed),
            comparison=self._comparison(),
            tail=self._tail(),
        )

    def _insufficient(self) -> _Parts:
        reason = reason_words(self.verdict.reason or "none", self.record.experiment, self.lang)
        if untriggered(self.verdict, self.record) and self.tried:
            passed = self._text("clause.word.ok")
            tail = self.messages["tail.word"]
            return _Parts(clause=passed, times=self._times(self.tried), comparison=reason, tail=tail)
        if self.first.startswith("tls.mitm") and "unrelated" in self.fields:
            tail = self.fields["unrelated"]
            return _Parts(clause=self._clause(), comparison=self._text("compare.tls.mitm"), tail=tail)
        kinds = (("word", self.word), ("post", self.record.post), ("search", self.record.platform), ("site", True))
        subject = self._text(next(f"subject.{kind}" for kind, holds in kinds if holds))
        clause = self._text("clause.insufficient", subject=subject, reason=reason)
        seen = self._text("tail.seen", **self._several("seen"))
        return _Parts(clause=clause, tail=self._space(seen, self._text("tail.led"), self.fields.get("left", "")))

    def _reachable(self) -> _Parts:
        although = self._several("although")
        key = f"clause.ok.{'web' if self.record.source is not None else self.record.experiment}"
        clause = self._text(key if key in self.messages else "clause.ok", **although)
        if although:
            return _Parts(clause=clause, tail=self._scope())
        clean = "unclean" if self.failed else "clean"
        comparison = counted(self.messages, clean, self.tried, k=f"{self.failed}") if self.tried else ""
        return _Parts(clause=clause, comparison=comparison)

    def _passed(self) -> _Parts:
        fired = sighted(self.record)
        return _Parts(
            clause=self._text("clause.word.ok", **self._several("although")),
            times=self._times(self.tried - self.failed),
            comparison=self.messages["compare.word.canary"] if fired else "",
            tail=self._space(self._text("tail.word.together"), self.messages["tail.word"]),
        )

    # --- what failed -----------------------------------------------------------------------------------------------

    def _clause(self) -> str:
        outcome = self.verdict.outcome
        if self.word and self.family != "platform" and f"clause.word.{outcome}" in self.messages:
            return self._text(f"clause.word.{outcome}", **self._several("how"))
        if outcome in {Outcome.DOWN, Outcome.SERVER_SIDE}:
            return self._text(f"clause.{outcome}")
        return self._nearest("clause") or self._text(f"clause.{outcome}")

    def _comparison(self) -> str:
        if self.verdict.outcome is Outcome.UNREACHABLE:
            if "helper_ok" not in self.fields and {"peer", "peers"} & self.fields.keys():
                return self._text("compare.unreachable.peer")
            by_address = "addresses" in self.fields and self.family in {"ip", "tcp"} and not self.word
            which = "" if not by_address else ".one" if self.verdict.facts["addresses"] == "1 of 1" else ".other"
            return self._text(f"compare.unreachable{which}")
        if self.word:
            return self._join(self._not_alone(), self._text(f"compare.word.{self._subject()}"))
        parts = [self._beside()]
        if self.family == "dns" and "tamper" not in self.first:
            parts.insert(0, self.fields.get("others", ""))
        if self.family in {"ip", "tcp"} and self.first != "tcp.freeze":
            parts.append(self._beyond())
        if self.family not in {"server", "portal", "throttle"}:
            parts.append(self._text("compare.helper"))
        return self._join(*parts)

    def _beside(self) -> str:
        """What went through beside the subject."""
        facts = self.verdict.facts
        if "server_too" in facts and f"compare.apart.{self.family}" in self.messages:
            return self._text(f"compare.apart.{self.family}")
        return self._text("compare.echo") if "echo" in facts else self._nearest("compare")

    def _beyond(self) -> str:
        """What shows that an address was not refused by its own server (METHOD 1, address-level failures)."""
        hops = self._text("compare.hops")
        if hops or self.verdict.where is Where.PATH:
            return hops or self.messages["compare.path"]
        return self._text("compare.peer") if "peer_ok" in self.fields else ""

    def _link(self) -> str:
        """Between which hops, and how; not once more where the comparison says it."""
        if self.verdict.facts.get("copied") == "1":
            return self.messages["tail.copied"]
        compared = self.verdict.outcome is Outcome.BLOCKED and self.family in {"ip", "tcp"}
        return "" if compared else self._text("tail.link")

    def _scope(self) -> str:
        """What is affected; a word is sent in one place only, so that `all` of it says nothing."""
        scope = self.verdict.scope
        return "" if scope is None or (self.word and scope is Scope.ALL) else self._text(f"scope.{scope}")

    def _lingering(self) -> Iterator[str]:
        """What went on being blocked after what was blocked, where that was measured."""
        facts = self.verdict.facts
        for fact, key in (("lingers", "lingers"), ("after_again", "again"), ("after_probe", "probe")):
            if f"tail.{key}.{facts.get(fact)}" in self.messages:
                yield self._text(f"tail.{key}.{facts[fact]}")

    def _tail(self) -> str:
        verdict, messages = self.verdict, self.messages
        tails = []
        if verdict.outcome is Outcome.UNREACHABLE:
            tails.append(messages["tail.word.unreachable" if self.word else "tail.unreachable"])
        tails.append(self.fields.get("different", ""))
        seen = (own for own in ("dark", "echo", "server_too") if verdict.facts.get(own) == "1")
        tails += [self._text(f"tail.{own}") for own in seen]
        keys = (f"tail.{own}.{verdict.facts.get(own)}" for own in ("hidden", "outer"))
        tails += [self._text(key) for key in keys if key in messages]
        if self.first.startswith("tls.mitm"):
            tails.append(self.fields.get("unrelated", ""))
        if self.family == "quic":
            tails.append(self._text("tail.quic.all" if self.first == "quic.all" else "tail.quic.https"))
        tails += [self._text("tail.came"), self._text("tail.notice"), self._scope(), *self._lingering()]
        if verdict.extent is not None and verdict.extent.partial:
            low, high = math.floor(100 * verdict.extent.low), math.ceil(100 * verdict.extent.high)
            tails.append(self._text("extent", low=f"{low}", high=f"{high}"))
        tails.append(messages["where.host"] if verdict.where is Where.HOST else "")
        if self.word:
            tails += [*self._of_words(), self._about()]
        elif verdict.mechanisms[1:]:
            tails.append(self._text("also", also=self._seen(verdict.mechanisms[1:])))
        return self._space(*tails)

    # --- words -----------------------------------------------------------------------------------------------------

    def _subject(self) -> str:
        """What the verdict is about: a word, several, a text, or a name."""
        if self.record.experiment == "isolate":
            if self.trigger is None:
                return "words" if "list" in self.fields else "text"
            return "word" if len(self.trigger.parts) == 1 else "words"
        return "domain" if self.record.experiment == "domain" else "word"

    def _about(self) -> str:
        return self.messages["tail.word"]

    def _not_alone(self) -> str:
        """Of several parts none is enough."""
        if self.trigger is None or len(self.trigger.parts) < 2:
            return ""
        return self.messages["compare.word.two" if len(self.trigger.parts) == 2 else "compare.word.more"]

    def _of_words(self) -> Iterator[str]:
        """What of a text, name or pack makes the difference, and what was left open."""
        isolated = self.record.experiment == "isolate" and self.verdict.outcome is Outcome.BLOCKED
        if self.trigger is not None:
            if self.trigger.ordered is not None and len(self.trigger.parts) > 1:
                yield self.messages["tail.word.ordered" if self.trigger.ordered else "tail.word.unordered"]
            yield self._text("tail.word.unless")
            yield self.fields.get("innocents", "")
        elif isolated and "list" in self.fields:
            yield self._text("tail.word.found")
        elif isolated:
            yield self.messages["tail.word.classifier"] if self.verdict.triggers else self._text("tail.word.whole")
        elif self.record.experiment == "domain" and self.verdict.outcome is Outcome.BLOCKED:
            yield self._text("tail.word.nopattern")
        if (isolated and "list" in self.fields) or (self.trigger is not None and self.record.experiment == "isolate"):
            yield self._text("tail.word.more")
        yield self.fields.get("left", "")
        yield self._text("tail.word.together")

    def _use(self) -> Iterator[str]:
        """What a calibration allows, and what goes on being cut off after a word."""
        yield self._text("tail.word.packs") or self.messages["tail.word.alone"]
        yield self._text("tail.word.ports")
        yield from self._lingering()

    # --- how sure --------------------------------------------------------------------------------------------------

    def how_sure(self) -> str:
        """What the numbers are worth, in words that are true of the test that was made."""
        verdict, messages = self.verdict, self.messages
        if verdict.outcome is Outcome.INSUFFICIENT:
            return messages["sure.none"]
        once = messages["sure.once"] if self.tried <= 1 else ""
        if self._checked:
            return self._text("sure.word.checked") or messages["sure.nobound"]
        if verdict.outcome is Outcome.OK:
            return self._space(once, self._clean()) or messages["sure.nobound"]
        bound = verdict.error_bound if self.trigger is None else self.trigger.error_bound
        if bound is not None and 0 < bound < 1:
            return self._bound(bound)
        if verdict.evidence is Evidence.DIRECT and verdict.outcome is not Outcome.SERVER_SIDE:
            return self._space(once, messages["sure.direct"])
        return once or messages["sure.nobound"]

    def _clean(self) -> str:
        """METHOD 1: `ok` says what it excludes."""
        if not self.tried or self.failed:
            return ""
        clean = 1 if self.verdict.words else self.tried
        share = math.ceil(round(100 * clean_excludes(clean), 6))
        if self.verdict.words:
            return self._text("sure.word.pack", share=f"{share}")
        return counted(self.messages, "sure.ok", self.tried, share=f"{share}")

    def _bound(self, bound: float) -> str:
        """The sequential test's promise; for a list also what chance alone would bring."""
        trials = sorted(self.record.trials, key=lambda trial: trial.id not in self.verdict.proof)
        changed = (
            self._subject() if self.word else next((trial.changed for trial in trials if trial.changed), "other")
        )
        change = self.messages.get(f"change.{changed}", self.messages["change.other"])
        single = self._text("sure.bound", change=change, times=bounded(1 / bound, up=False))
        targets = sharing(self.record.context)
        chance = bounded(targets * bound, up=True)
        return self._space(
            single, self._text("sure.list", targets=f"{targets}", chance=chance) if targets > 1 else ""
        )

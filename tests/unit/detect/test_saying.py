"""What may be said beside an outcome: always something, never too much, and never in anyone else's voice."""
# ruff: noqa: RUF001 - look-alikes, Chinese and Persian are what is tested here

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.detect.messages import CATALOGUES
from hushmap.detect.saying import mechanism_words, network_words, reason_words, say, when_words
from hushmap.model import (
    MECHANISMS,
    TRIGGERS,
    Ask,
    Context,
    Counts,
    Evidence,
    Extent,
    Layer,
    Outcome,
    Reason,
    Record,
    Scope,
    Trial,
    Trigger,
    Vantage,
    Verdict,
    Where,
)

LANGS = sorted(CATALOGUES)
ALL_MECHANISMS = sorted(
    MECHANISMS
    | {
        f"{bare}.{trigger}"
        for bare in MECHANISMS
        for trigger in TRIGGERS.get(bare.partition(".")[0], ())
        if not bare.endswith((".sni", ".all"))
    }
)
FORBIDDEN = {
    "en": r"censor|government|\bsince\b|\bproof\b|\bprov(e|es|ed|en)\b|\bblocks\b|authorit|regime|certain|guilt|\bban(ned)?\b"
    r"|\d ?% (sure|confiden|certain)",
    "zh": r"政府|当局|审查|封杀|自从|以来|证明|证实|确凿|确定无疑|把握|国家机关|禁令|% ?(的)?(可能|确)",
}
BROKEN = re.compile(r"[{}|]|\[\[|\]\]|  | [,.;](\s|$)|,,|;;|\.\.|; *\.|None|，，|。。|；。|，。|，；")


def record(**more):
    """A sealed record of one site."""
    fields = {
        "id": "r-1",
        "run": "r",
        "experiment": "web",
        "target": "https://news.example.org/a?b",
        "started": "2026-11-21T22:34:10Z",
        "ended": "2026-11-21T22:36:41Z",
        "run_started": "2026-11-21T22:33:00Z",
        "vantage": Vantage(country="XE", asn=64501, network="Net-A"),
    }
    return Record(**fields | more)


WORD = {"experiment": "keyword", "target": "harvest moon", "layer": "http-path"}


def verdict(outcome, *mechanisms, subject=(8, 8), **more):
    """A verdict of some rule."""
    counts = Counts(subject=subject, baseline=more.pop("baseline", (0, 8)), helper=more.pop("helper", (0, 3)))
    return Verdict(
        outcome=outcome, rule="x", rules="1", knowledge="none", mechanisms=mechanisms, counts=counts, **more
    )


def check(saying, lang):
    """What must hold of every saying."""
    for text in (saying.label, saying.sentence, saying.limits, saying.how_sure):
        assert text.strip() == text
        assert text
        assert not re.search(FORBIDDEN[lang], text, re.IGNORECASE), text
        assert not BROKEN.search(text), text
    assert saying.limits == CATALOGUES[lang]["limits"]
    assert saying.sentence[-1] == {"en": ".", "zh": "。"}[lang], saying.sentence


@pytest.mark.parametrize("lang", LANGS)
def test_every_combination_says_something_and_nothing_forbidden(lang):
    """Every outcome with every mechanism, count and kind of target has words; none claims what we cannot know."""
    counts = ((0, 0), (1, 1), (3, 4))
    for outcome, mechanism, subject in itertools.product(Outcome, [None, *ALL_MECHANISMS], counts):
        for sealed in (record(), record(**WORD)):
            names = () if mechanism is None else (mechanism,)
            check(say(verdict(outcome, *names, subject=subject), sealed, lang), lang)


def asked(experiment):
    """A record about a text, a name, a pack or planted words."""
    words = ("a", "b") if experiment == "screen" else ()
    return record(**WORD | {"experiment": experiment, "target": "a text of several words", "words": words})


def found(kind="and", **more):
    """A trigger of two parts."""
    return Trigger(kind=kind, parts=("a", "b"), place="http-path", hits=(5, 5), harmless=(0, 5), **more)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("experiment", ["isolate", "domain", "screen", "calibrate"])
def test_texts_names_packs_and_planted_words_say_something_and_nothing_forbidden(lang, experiment):
    """Whatever was found in them, left open, or not found."""
    triggers = [
        (),
        (found(ordered=True, unless=("c",)),),
        (found(kind="classifier"),),
        (found(ordered=False), found(pattern="suffix")),
    ]
    known = [{}, {"open": "budget", "innocents": "1 of 2"}, {"canary": "1 of 1", "harmless": "0 of 9", "miss": "3"}]
    words = [{}, {"a": "cut", "b": "open"}] if experiment == "screen" else [{}]
    for outcome, made, facts, each in itertools.product(Outcome, triggers, known, words):
        for mechanisms in ((), ("http.reset.path",)):
            judged = verdict(outcome, *mechanisms, triggers=made, facts=facts, words=each, error_bound=0.001)
            check(say(judged, asked(experiment), lang), lang)
            check(say(verdict(outcome, facts=facts, words=each, subject=(0, 3)), asked(experiment), lang), lang)
    for reason in Reason:
        for counts in ((0, 0), (0, 4), (1, 4)):
            judged = verdict(Outcome.INSUFFICIENT, reason=reason, subject=counts)
            check(say(judged, asked(experiment), lang), lang)


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_scope_place_and_evidence_has_words(lang):
    """No value of METHOD 1 is without words, for sites and for words."""
    for sealed in (
        record(),
        record(**WORD),
        record(experiment="dns"),
        record(experiment="sni"),
        record(experiment="x"),
    ):
        for reason in Reason:
            check(say(verdict(Outcome.INSUFFICIENT, reason=reason), sealed, lang), lang)
        for scope, where, evidence in itertools.product([None, *Scope], Where, Evidence):
            for outcome in (Outcome.BLOCKED, Outcome.OK, Outcome.UNREACHABLE):
                judged = verdict(outcome, "tls.reset.sni", scope=scope, where=where, evidence=evidence)
                check(say(judged, sealed, lang), lang)


def _facts():
    keys = """site word place addresses answer resolver right_resolver others different dark baseline issuer
    issuer_elsewhere unrelated fingerprint fingerprint_source notice host path points act helper_ok hop_from hop_to
    peer servers https rate rate_low rate_high base_rate stopped platform listed public gone who port service answering
    failing altered""".split()
    values = st.sampled_from(
        ["", "0", "1", "3", "1 of 1", "2 of 3", "192.0.2.1", "udp://[2001:db8::1]:53", "system", "a.test"]
    )
    return st.dictionaries(st.sampled_from(keys), values)


@given(
    lang=st.sampled_from(LANGS),
    outcome=st.sampled_from(list(Outcome)),
    mechanisms=st.lists(st.sampled_from(ALL_MECHANISMS), max_size=3, unique=True),
    subject=st.sampled_from([(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)]),
    baseline=st.sampled_from([(0, 0), (0, 1), (1, 1), (0, 2)]),
    helper=st.sampled_from([(0, 0), (0, 1), (1, 1), (0, 2)]),
    facts=_facts(),
    reason=st.sampled_from([None, *Reason]),
    error_bound=st.sampled_from([None, 0.0, 1e-9, 0.0002, 0.001, 0.3, 0.99, 1.0]),
    word=st.booleans(),
)
def test_any_verdict_is_sayable(
    lang, outcome, mechanisms, subject, baseline, helper, facts, reason, error_bound, word
):
    """Whatever the rules put into a verdict, the sentence is whole and claims nothing forbidden."""
    judged = verdict(
        outcome,
        *mechanisms,
        subject=subject,
        baseline=baseline,
        helper=helper,
        facts=facts,
        reason=reason,
        error_bound=error_bound,
        extent=Extent(low=0.0, high=1.0, partial=True),
    )
    check(say(judged, record(**(WORD if word else {}), context=Context(targets=50)), lang), lang)


@given(text=st.text(), lang=st.sampled_from(LANGS))
def test_foreign_text_is_made_harmless(text, lang):
    """A notice cannot close its quotation marks, hide or turn characters, or be read as a template."""
    judged = verdict(Outcome.BLOCKED, "http.blockpage", facts={"notice": text, "fingerprint": "f", "host": text})
    sentence = say(judged, record(), lang).sentence
    assert sentence.encode()
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", sentence)
    assert sentence.count("“") <= 1
    assert sentence.count("”") <= 1


def test_a_hostile_notice_stays_inside_its_quotation():
    """Quotation marks, braces and direction marks of a notice are shown, never obeyed."""
    notice = 'x” Reachable. {site} [[a|b]] \u202eevil "'
    judged = verdict(Outcome.BLOCKED, "http.blockpage", facts={"notice": notice})
    assert say(judged, record()).sentence.endswith("It reads: “x' Reachable. {site} [[a|b]] ‹U+202E›evil '”.")


def test_a_long_notice_is_cut():
    """At most 200 characters of a notice are quoted."""
    judged = verdict(Outcome.BLOCKED, "http.blockpage", facts={"notice": "n" * 10_000})
    assert "“" + "n" * 200 + "…”" in say(judged, record()).sentence


def test_an_arm_in_which_nothing_worked_is_no_comparison():
    """A baseline or helper that never worked is not said to have worked 0 times."""
    judged = verdict(Outcome.BLOCKED, "tls.reset.sni", baseline=(8, 8), helper=(3, 3))
    assert say(judged, record()).sentence.endswith("were reset, 8 of 8 times.")


def test_zero_counts_leave_the_times_out():
    """A verdict that rests on no counting does not say `0 of 0 times`."""
    judged = verdict(Outcome.BLOCKED, "tls.reset.sni", subject=(0, 0), baseline=(0, 0), helper=(0, 0))
    assert say(judged, record()).sentence.endswith("were reset.")


def test_undecided_words_and_certificates_say_what_was_seen():
    """Without a canary the word is said to have passed; with unrelated sites hit the local network is named."""
    blind = verdict(Outcome.INSUFFICIENT, reason=Reason.CANARY_FAILED, subject=(0, 4))
    assert "passed, 4 of 4 times; no word" in say(blind, record(**WORD)).sentence
    assert say(blind, record(**WORD)).label == "Not triggered in 4"
    facts = {"issuer": "Box", "issuer_elsewhere": "CA", "unrelated": "2"}
    mitm = verdict(Outcome.INSUFFICIENT, "tls.mitm.trusted", reason=Reason.INTERCEPTED, facts=facts)
    assert "So do 2 unrelated sites" in say(mitm, record()).sentence


def test_an_address_is_blocked_where_hops_or_a_peer_show_it():
    """Hops first, then another network, then the bare place; without any of them nothing is said of it."""
    sealed = record()
    hops = verdict(Outcome.BLOCKED, "tcp.reset", facts={"hop_from": "3", "hop_to": "4"}, where=Where.PATH)
    assert "between hop 3 and hop 4" in say(hops, sealed).sentence
    peer = Verdict(
        outcome=Outcome.BLOCKED,
        rule="x",
        rules="1",
        knowledge="none",
        mechanisms=("tcp.reset",),
        counts=Counts(subject=(2, 2), peer=(0, 1)),
    )
    assert "another network of the same country" in say(peer, sealed).sentence
    assert (
        "outside the site's network" in say(verdict(Outcome.BLOCKED, "ip.timeout", where=Where.PATH), sealed).sentence
    )
    assert "outside" not in say(verdict(Outcome.BLOCKED, "ip.timeout"), sealed).sentence


def test_a_canary_that_fired_is_said():
    """A word that passed is worth something only beside one that did not."""
    sealed = record(**WORD, context=Context(canaries={"http-path": True}))
    assert "a word known to be cut off here" in say(verdict(Outcome.OK, subject=(0, 2)), sealed).sentence


def test_one_attempt_is_said_to_be_one():
    """A single attempt without a bound is said to be seen once."""
    assert (
        say(verdict(Outcome.BLOCKED, "tls.reset.sni", subject=(1, 1)), record()).how_sure
        == "Seen once; not repeated."
    )


@pytest.mark.parametrize(
    ("bound", "words"),
    [(0.001, "once in 1,000 "), (0.0002, "once in 5,000 "), (1 / 12_345, "once in 12,000 "), (0.3, "once in 3.3 ")],
)
def test_error_bound_is_rounded_to_the_side_that_claims_less(bound, words):
    """One in 12,345 is said as less than once in 12,000."""
    judged = verdict(Outcome.BLOCKED, "tls.reset.sni", error_bound=bound)
    assert words in say(judged, record()).how_sure


def test_the_change_named_is_that_of_the_trials_that_carry_the_verdict():
    """A record with pairs of two kinds names the change of the pair in the proof."""
    trials = tuple(
        Trial(id=i, ask=Ask(layer=Layer.TLS), changed=changed) for i, changed in enumerate(["address", "host", None])
    )
    judged = verdict(Outcome.BLOCKED, "http.reset.host", error_bound=0.001, proof=(1,))
    assert say(judged, record(trials=trials)).how_sure.startswith("If the name made no difference")
    assert (
        "the address" in say(verdict(Outcome.BLOCKED, "tcp.reset", error_bound=0.001), record(trials=trials)).how_sure
    )


def test_a_list_says_what_chance_alone_would_bring():
    """With 50 targets at 0.0002 each, 0.01 false results are expected, and that is said."""
    judged = verdict(Outcome.BLOCKED, "tls.reset.sni", error_bound=0.0002)
    sure = say(judged, record(context=Context(targets=50))).how_sure
    assert sure.endswith("Among the 50 targets of this run, at most 0.01 such results are expected by chance.")


@pytest.mark.parametrize("targets", [0, -1, 10**400], ids=["none", "negative", "endless"])
def test_a_damaged_count_of_targets_is_told_without_a_fault(targets):
    """No number in a record keeps its verdict from being told."""
    judged = verdict(Outcome.BLOCKED, "tls.reset.sni", error_bound=0.0002)
    check(say(judged, record(context=Context(targets=targets))), "en")


@pytest.mark.parametrize(("n", "share"), [(1, "95"), (4, "53"), (9, "29")])
def test_reachable_says_what_it_excludes(n, share):
    """METHOD 1's figures, rounded to the side that excludes less."""
    assert f"more than {share} %" in say(verdict(Outcome.OK, subject=(0, n)), record()).how_sure


def test_two_points_join_with_and_three_with_commas():
    """Comparisons read as a list."""
    facts = {"others": "5 of 5", "right_resolver": "udp://198.51.100.1:53"}
    three = say(verdict(Outcome.BLOCKED, "dns.nxdomain", facts=facts), record()).sentence
    assert "other names, DNS server 198.51.100.1 found news.example.org, and news.example.org answered" in three


def test_an_unknown_language_is_an_error():
    """There is no silent fallback to English."""
    with pytest.raises(ValueError, match="no messages in language 'xx'"):
        say(verdict(Outcome.OK), record(), "xx")


@pytest.mark.parametrize("lang", LANGS)
def test_every_mechanism_has_words(lang):
    """Each mechanism of METHOD 2, with every trigger, has a phrase of its own; no two of them are confused by chance."""
    for mechanism in ALL_MECHANISMS:
        words = mechanism_words(mechanism, lang)
        assert words
        assert words != mechanism
        assert not re.search(FORBIDDEN[lang], words, re.IGNORECASE)


def test_mechanism_words_name_the_trigger():
    """The trigger is said only where it is known."""
    assert mechanism_words("tls.reset.sni") == "encrypted connection reset, by name"
    assert mechanism_words("tls.reset") == "encrypted connection reset"
    assert mechanism_words("tls.reset.sni", "zh") == "加密连接被重置，由域名触发"
    assert mechanism_words("tls.mitm.trusted") == "different certificate, trusted by browsers"


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_has_words(lang):
    """Each reason why nothing was decided, for some tests in words of their own; a later version's is as it is."""
    told = {reason: reason_words(reason, lang=lang) for reason in Reason}
    assert [reason for reason, words in told.items() if words == reason] == []
    assert reason_words("one_attempt", "search", lang) not in {told[Reason.ONE_ATTEMPT], "one_attempt"}
    assert reason_words("one_attempt", "web", lang) == told[Reason.ONE_ATTEMPT]
    assert reason_words("of_tomorrow", "web", lang) == "of_tomorrow"


def test_an_unknown_mechanism_is_shown_as_it_is():
    """A later version's mechanism is not hidden, and not trusted."""
    assert mechanism_words("foo.bar\u202e") == "foo.bar‹U+202E›"
    assert mechanism_words("tls.novel") == "encrypted connection disturbed"


def test_time_and_network_are_said_alike_everywhere():
    """A page's heading and its sentences agree."""
    sealed = record()
    sentence = say(verdict(Outcome.OK), sealed).sentence
    assert when_words(sealed.started, sealed.ended) in sentence
    assert network_words(sealed.vantage) in sentence
    assert network_words(Vantage(), "zh") == "一个名称不明的网络"


def test_a_word_is_the_change_whatever_the_layer_calls_it():
    """A word in a path is not said to be a path."""
    trials = (Trial(id=1, ask=Ask(layer=Layer.HTTP), changed="path"),)
    judged = verdict(Outcome.BLOCKED, "http.reset.path", error_bound=0.001, scope=Scope.ALL)
    said = say(judged, record(**WORD, trials=trials))
    assert said.how_sure.startswith("If the word made no difference")
    assert "Affected" not in said.sentence


def test_one_address_is_said_in_the_singular():
    """One address, two addresses, and none named."""
    sentences = [
        say(verdict(Outcome.UNREACHABLE, "tcp.timeout", facts=facts), record()).sentence
        for facts in ({"addresses": "1 of 1"}, {"addresses": "2 of 2"}, {})
    ]
    assert "the same address answered our" in sentences[0]
    assert "the same addresses answered our" in sentences[1]
    assert "the same worked for our" in sentences[2]

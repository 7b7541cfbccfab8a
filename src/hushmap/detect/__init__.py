"""FLOOR 2: trials and knowledge in, verdicts and doubts out; pure, and the only room with opinions.

reactions  one trial -> passed, hit or silent         pairs     bracketed pairs -> the sequential test
sight      what the trials about one host show        doubt     the pair that would settle it
lookup, traffic, web, names, encrypted, quic, ech   the rule tables         judging   record -> verdict
notices    block notices and refusals (marks: their search)   saying  the only text beside an outcome
hops       the rules of a cut on the way (way: its hops; outside: whose network they are)
clusters   pages that may be notices not yet known (strange: which those are)
middlebox  odd requests to a server of ours
residual   what goes on being blocked after a trigger
middlebox  odd requests to a server of ours
contact    one endpoint of a service           service   the rules of a service
claims     what OONI concluded, beside our verdict
peers      what other volunteers' runs saw of the same, and which of it counts (peer_rules: its rules)
watched    visits to a post's page, and their rules       searched   searches for a word, and theirs
misreading why a manifest does not read its platform
words      the rules of words, texts, names, packs    triggers   what of them makes the difference, as data
comparing  what changed from one run to another       phrases    a trigger in words
halting    when to stop sending words          period    the sentence of many measurements
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.detect.calibrating import Calibrated, Planted, pack_length, separators
    from hushmap.detect.claims import WHY_WORDS, Difference, agrees, claim_of, claimed, difference
    from hushmap.detect.client import OtherClient, other_client
    from hushmap.detect.clusters import PROPOSED, Clusters, Proposal
    from hushmap.detect.comparing import (
        LEAST_DECISIONS,
        LEAST_HOURS,
        LEAST_HOURS_OF_DAY,
        TriggerChange,
        TriggerComparison,
        compare_triggers,
    )
    from hushmap.detect.contact import Contact, resolver_of
    from hushmap.detect.course import CONTROL, CONTROL_EVERY, TRIES, Course, anywhere
    from hushmap.detect.doubt import Doubt, doubts, flowed
    from hushmap.detect.ech import ARMS, PLAIN, Hiding, ech_doubt, without_ech
    from hushmap.detect.encrypted import Talk, question_open
    from hushmap.detect.facts import bounded
    from hushmap.detect.groups import (
        LABEL_GROUPS,
        WORD_EXPERIMENTS,
        Group,
        WordGroup,
        group,
        group_words,
        is_check,
        is_word,
        word_counts,
        word_group,
    )
    from hushmap.detect.halting import halts
    from hushmap.detect.hops import Hopping
    from hushmap.detect.judging import RULES, TABLES, judge, judge_all, legs
    from hushmap.detect.messages import visible
    from hushmap.detect.middlebox import altered
    from hushmap.detect.misreading import misread, misread_post
    from hushmap.detect.names import Sending
    from hushmap.detect.outside import AGREE
    from hushmap.detect.pairs import QUESTION, PairState, PairTest, in_two_blocks, opens, proxied, read_tests
    from hushmap.detect.peers import PRECISION, SAME_HOUR, WhyNot, peer_view, why_not, zero_of
    from hushmap.detect.period import Period, Seen, Turn, say_period
    from hushmap.detect.permuted import Permuted, permuting_course
    from hushmap.detect.phrases import trigger_words
    from hushmap.detect.quic import Silence, quic_doubts
    from hushmap.detect.reactions import Reaction, reaction, went_wrong, wrong_steps
    from hushmap.detect.residual import Follow, Lingering
    from hushmap.detect.result_page import settled, wall
    from hushmap.detect.ruling import RULES_VERSION, Rule
    from hushmap.detect.saying import Saying, mechanism_words, network_words, reason_words, say, when_words
    from hushmap.detect.screened import Screened, packed, screening_course
    from hushmap.detect.searched import MOST_CAPTCHAS, SEARCH_TRIES, Finding, Query, Searched, results_of
    from hushmap.detect.service import Using
    from hushmap.detect.sight import Leg, host_of
    from hushmap.detect.strange import helper_pages, strangers
    from hushmap.detect.streams import stream_of
    from hushmap.detect.text import Isolated, isolating_course
    from hushmap.detect.throttle import Rates
    from hushmap.detect.traffic import isolated
    from hushmap.detect.triggers import TriggerRow, canonical, overblocked, trigger_rows
    from hushmap.detect.watched import (
        APART,
        LOOK_TRIES,
        MISSING,
        STATES,
        TELLING,
        Look,
        Shown,
        Watched,
        looks,
        shown,
    )
    from hushmap.detect.way import Way
    from hushmap.detect.worded import Worded

_HOMES = {
    "Finding": "searched",
    "MOST_CAPTCHAS": "searched",
    "Query": "searched",
    "SEARCH_TRIES": "searched",
    "Searched": "searched",
    "misread": "misreading",
    "misread_post": "misreading",
    "results_of": "searched",
    "settled": "result_page",
    "wall": "result_page",
    "APART": "watched",
    "STATES": "watched",
    "LOOK_TRIES": "watched",
    "Look": "watched",
    "MISSING": "watched",
    "Shown": "watched",
    "TELLING": "watched",
    "Watched": "watched",
    "looks": "watched",
    "shown": "watched",
    "bounded": "facts",
    "is_check": "groups",
    "compare_triggers": "comparing",
    "TriggerComparison": "comparing",
    "TriggerChange": "comparing",
    "LEAST_HOURS_OF_DAY": "comparing",
    "LEAST_HOURS": "comparing",
    "LEAST_DECISIONS": "comparing",
    "TriggerRow": "triggers",
    "WORD_EXPERIMENTS": "groups",
    "canonical": "triggers",
    "overblocked": "triggers",
    "halts": "halting",
    "trigger_rows": "triggers",
    "trigger_words": "phrases",
    "word_counts": "groups",
    "CONTROL": "course",
    "CONTROL_EVERY": "course",
    "QUESTION": "pairs",
    "TRIES": "course",
    "Course": "course",
    "anywhere": "course",
    "Worded": "worded",
    "Calibrated": "calibrating",
    "Planted": "calibrating",
    "pack_length": "calibrating",
    "separators": "calibrating",
    "SAME_HOUR": "peers",
    "Screened": "screened",
    "packed": "screened",
    "screening_course": "screened",
    "Isolated": "text",
    "isolating_course": "text",
    "PRECISION": "peers",
    "Period": "period",
    "Permuted": "permuted",
    "permuting_course": "permuted",
    "AGREE": "outside",
    "Clusters": "clusters",
    "Contact": "contact",
    "Difference": "claims",
    "Doubt": "doubt",
    "Follow": "residual",
    "Group": "groups",
    "Hopping": "hops",
    "LABEL_GROUPS": "groups",
    "Leg": "sight",
    "Lingering": "residual",
    "OtherClient": "client",
    "PLAIN": "ech",
    "PROPOSED": "clusters",
    "ARMS": "ech",
    "Hiding": "ech",
    "PairState": "pairs",
    "PairTest": "pairs",
    "Proposal": "clusters",
    "RULES": "judging",
    "RULES_VERSION": "ruling",
    "Rates": "throttle",
    "Reaction": "reactions",
    "Rule": "ruling",
    "Saying": "saying",
    "Seen": "period",
    "Sending": "names",
    "Talk": "encrypted",
    "TABLES": "judging",
    "Turn": "period",
    "Using": "service",
    "Way": "way",
    "WHY_WORDS": "claims",
    "WhyNot": "peers",
    "WordGroup": "groups",
    "agrees": "claims",
    "altered": "middlebox",
    "claim_of": "claims",
    "claimed": "claims",
    "difference": "claims",
    "doubts": "doubt",
    "ech_doubt": "ech",
    "flowed": "doubt",
    "group": "groups",
    "group_words": "groups",
    "helper_pages": "strange",
    "host_of": "sight",
    "in_two_blocks": "pairs",
    "is_word": "groups",
    "isolated": "traffic",
    "judge": "judging",
    "judge_all": "judging",
    "legs": "judging",
    "mechanism_words": "saying",
    "network_words": "saying",
    "opens": "pairs",
    "other_client": "client",
    "proxied": "pairs",
    "peer_view": "peers",
    "question_open": "encrypted",
    "Silence": "quic",
    "quic_doubts": "quic",
    "reaction": "reactions",
    "read_tests": "pairs",
    "reason_words": "saying",
    "resolver_of": "contact",
    "say": "saying",
    "say_period": "period",
    "stream_of": "streams",
    "strangers": "strange",
    "visible": "messages",
    "went_wrong": "reactions",
    "when_words": "saying",
    "why_not": "peers",
    "without_ech": "ech",
    "word_group": "groups",
    "wrong_steps": "reactions",
    "zero_of": "peers",
}
__all__ = [
    "AGREE",
    "APART",
    "ARMS",
    "CONTROL",
    "CONTROL_EVERY",
    "LABEL_GROUPS",
    "LEAST_DECISIONS",
    "LEAST_HOURS",
    "LEAST_HOURS_OF_DAY",
    "LOOK_TRIES",
    "MISSING",
    "MOST_CAPTCHAS",
    "PLAIN",
    "PRECISION",
    "PROPOSED",
    "QUESTION",
    "RULES",
    "RULES_VERSION",
    "SAME_HOUR",
    "SEARCH_TRIES",
    "STATES",
    "TABLES",
    "TELLING",
    "TRIES",
    "WHY_WORDS",
    "WORD_EXPERIMENTS",
    "Calibrated",
    "Clusters",
    "Contact",
    "Course",
    "Difference",
    "Doubt",
    "Finding",
    "Follow",
    "Group",
    "Hiding",
    "Hopping",
    "Isolated",
    "Leg",
    "Lingering",
    "Look",
    "OtherClient",
    "PairState",
    "PairTest",
    "Period",
    "Permuted",
    "Planted",
    "Proposal",
    "Query",
    "Rates",
    "Reaction",
    "Rule",
    "Saying",
    "Screened",
    "Searched",
    "Seen",
    "Sending",
    "Shown",
    "Silence",
    "Talk",
    "TriggerChange",
    "TriggerComparison",
    "TriggerRow",
    "Turn",
    "Using",
    "Watched",
    "Way",
    "WhyNot",
    "WordGroup",
    "Worded",
    "agrees",
    "altered",
    "anywhere",
    "bounded",
    "canonical",
    "claim_of",
    "claimed",
    "compare_triggers",
    "difference",
    "doubts",
    "ech_doubt",
    "flowed",
    "group",
    "group_words",
    "halts",
    "helper_pages",
    "host_of",
    "in_two_blocks",
    "is_check",
    "is_word",
    "isolated",
    "isolating_course",
    "judge",
    "judge_all",
    "legs",
    "looks",
    "mechanism_words",
    "misread",
    "misread_post",
    "network_words",
    "opens",
    "other_client",
    "overblocked",
    "pack_length",
    "packed",
    "peer_view",
    "permuting_course",
    "proxied",
    "question_open",
    "quic_doubts",
    "reaction",
    "read_tests",
    "reason_words",
    "resolver_of",
    "results_of",
    "say",
    "say_period",
    "screening_course",
    "separators",
    "settled",
    "shown",
    "strangers",
    "stream_of",
    "trigger_rows",
    "trigger_words",
    "visible",
    "wall",
    "went_wrong",
    "when_words",
    "why_not",
    "without_ech",
    "word_counts",
    "word_group",
    "wrong_steps",
    "zero_of",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

"""The one table of experiments, and what each may cost at most.

A cost is what `plan` prints and `run` enforces; it follows from the same constants that the inquiries use.
"""

from collections.abc import Callable

import msgspec

from hushmap.detect import APART, LOOK_TRIES, MOST_CAPTCHAS, Lingering
from hushmap.experiments.calibrate import MOST_PLANTED, Calibrate
from hushmap.experiments.carriers import for_words
from hushmap.experiments.conditions import Conditions, Inquiry
from hushmap.experiments.conversation import CONTACTS_A_DAY, MAX_ATTEMPTS
from hushmap.experiments.cooldown import BURN_SECONDS
from hushmap.experiments.dns import Dns
from hushmap.experiments.domain import Domain
from hushmap.experiments.ech import Ech
from hushmap.experiments.encrypted import EncryptedDns
from hushmap.experiments.hops import TRIES, Hops
from hushmap.experiments.isolate import Isolate
from hushmap.experiments.keyword import Keyword
from hushmap.experiments.middlebox import Middlebox
from hushmap.experiments.pairing import MAX_PAIRS
from hushmap.experiments.questioning import MOST_ASKED
from hushmap.experiments.quic import QuicName
from hushmap.experiments.residual import CONTROLS, MAX_OF_RESIDUAL, Residual
from hushmap.experiments.screen import Screen
from hushmap.experiments.search import MAX_BLOCKS, MAX_OF_SEARCH, Search
from hushmap.experiments.service import MAX_ATTEMPTS as MAX_OF_SERVICE
from hushmap.experiments.service import Service
from hushmap.experiments.sni import Sni
from hushmap.experiments.throttle import ENOUGH, MAX_ALTERNATIONS, MAX_AT_ADDRESS, Throttle, most_bytes, size_for
from hushmap.experiments.visiting import LONGEST_GAP
from hushmap.experiments.watch import MAX_LOOKS, MAX_OF_WATCH, Watch
from hushmap.experiments.web import Web
from hushmap.model import Target

HITS = 4
"""Attempts about words to one that is cut off: controls and pairs are half, and of a search one half is."""
PAGE_BYTES = 60_000
"""A front page as it is read, up to the body limit: the median HTML document is near 30 kB, twice that is assumed.
own knowledge, unchecked."""
HANDSHAKE_BYTES = 6_000
"""SYN to Finished with a chain of three certificates. own knowledge, unchecked."""
LOOKUP_BYTES = 300


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What one target takes: if all is well, and at most. Seconds are of one target alone."""

    requests_min: int
    requests_max: int
    contacts_max: int
    bytes_min: int
    bytes_max: int
    seconds_min: float
    seconds_max: float


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """One experiment: a name, a version that grows when its asks change, and what it asks in a sentence."""

    name: str
    version: str
    asks: str
    needs_helper: bool
    open: Callable[[Target, Conditions, int], Inquiry]
    cost: Callable[[Conditions], Cost]


def _web_cost(conditions: Conditions) -> Cost:
    lookups = 2 if conditions.dark is not None else len(conditions.resolvers)  # survey.py, where nothing is wrong
    return Cost(
        requests_min=lookups + 1,
        requests_max=MAX_ATTEMPTS,
        contacts_max=CONTACTS_A_DAY,
        bytes_min=lookups * LOOKUP_BYTES + HANDSHAKE_BYTES + PAGE_BYTES,
        bytes_max=CONTACTS_A_DAY * PAGE_BYTES + MAX_ATTEMPTS * HANDSHAKE_BYTES,
        seconds_min=2.0 / conditions.scale,
        seconds_max=(38.0 * MAX_PAIRS + 60.0) / conditions.scale,
    )


def _sending_cost(conditions: Conditions) -> Cost:
    return Cost(
        requests_min=1,
        requests_max=MAX_ATTEMPTS,
        contacts_max=CONTACTS_A_DAY,
        bytes_min=HANDSHAKE_BYTES,
        bytes_max=MAX_ATTEMPTS * HANDSHAKE_BYTES,
        seconds_min=1.0 / conditions.scale,
        seconds_max=(28.0 * MAX_PAIRS + 60.0) / conditions.scale,
    )


def _service_cost(conditions: Conditions) -> Cost:
    return Cost(
        requests_min=2,
        requests_max=MAX_OF_SERVICE,
        contacts_max=CONTACTS_A_DAY,
        bytes_min=LOOKUP_BYTES + HANDSHAKE_BYTES,
        bytes_max=CONTACTS_A_DAY * PAGE_BYTES + MAX_OF_SERVICE * HANDSHAKE_BYTES,
        seconds_min=2.0 / conditions.scale,
        seconds_max=(38.0 * MAX_PAIRS + 60.0) / conditions.scale,
    )


def _encrypted_cost(conditions: Conditions) -> Cost:
    least = _web_cost(conditions)
    return msgspec.structs.replace(
        least,
        requests_min=least.requests_min + 1,
        bytes_min=(least.requests_min - 1) * LOOKUP_BYTES + 2 * HANDSHAKE_BYTES,
        bytes_max=MAX_ATTEMPTS * HANDSHAKE_BYTES,
    )


def _hops_cost(conditions: Conditions) -> Cost:
    """The way of a site that is not cut off has some fifteen hops; no packet but the handshake's end holds much."""
    return msgspec.structs.replace(
        _sending_cost(conditions),
        requests_min=18,
        bytes_min=2 * HANDSHAKE_BYTES,
        bytes_max=(CONTACTS_A_DAY + TRIES) * HANDSHAKE_BYTES + MAX_ATTEMPTS * LOOKUP_BYTES,
        seconds_min=5.0 / conditions.scale,
    )


def _throttle_cost(conditions: Conditions) -> Cost:
    size = size_for(conditions.downloads)
    streams = 2 * (MAX_ALTERNATIONS + MAX_AT_ADDRESS)
    return Cost(
        requests_min=1 if size is None else 2 * ENOUGH + 3,
        requests_max=1 if size is None else streams + 2,
        contacts_max=CONTACTS_A_DAY,
        bytes_min=0 if size is None else 2 * ENOUGH * size,
        bytes_max=0 if size is None else most_bytes(size),
        seconds_min=15.0 / conditions.scale,
        seconds_max=(38.0 * streams + 60.0) / conditions.scale,
    )


def _residual_cost(conditions: Conditions) -> Cost:
    """At most each contact begins a round, and an address rests as long as is known of any."""
    return Cost(
        requests_min=CONTROLS + 2,
        requests_max=MAX_OF_RESIDUAL,
        contacts_max=CONTACTS_A_DAY,
        bytes_min=(CONTROLS + 2) * HANDSHAKE_BYTES,
        bytes_max=MAX_OF_RESIDUAL * HANDSHAKE_BYTES,
        seconds_min=2.0 / conditions.scale,
        seconds_max=2 * CONTACTS_A_DAY * Lingering.most_seconds / conditions.scale,
    )


def _watch_cost(conditions: Conditions) -> Cost:
    """A lookup and a page; where the post is missing, three looks at it and two others beside, ten minutes apart."""
    return Cost(
        requests_min=2,
        requests_max=MAX_OF_WATCH,
        contacts_max=0,
        bytes_min=LOOKUP_BYTES + HANDSHAKE_BYTES + PAGE_BYTES,
        bytes_max=MAX_OF_WATCH * (HANDSHAKE_BYTES + PAGE_BYTES),
        seconds_min=2.0 / conditions.scale,
        seconds_max=((MAX_LOOKS - 1) * APART + MAX_LOOKS * 2 * LOOK_TRIES * LONGEST_GAP) / conditions.scale,
    )


def _search_cost(conditions: Conditions) -> Cost:
    """A lookup, the word and a canary, each with a truism and nonsense; where something is amiss, again."""
    return Cost(
        requests_min=7,
        requests_max=MAX_OF_SEARCH,
        contacts_max=0,
        bytes_min=LOOKUP_BYTES + 6 * (HANDSHAKE_BYTES + PAGE_BYTES),
        bytes_max=MAX_OF_SEARCH * (HANDSHAKE_BYTES + PAGE_BYTES),
        seconds_min=7.0 / conditions.scale,
        seconds_max=((MAX_BLOCKS - 1) * APART + MOST_CAPTCHAS * LONGEST_GAP + MAX_OF_SEARCH * 20.0)
        / conditions.scale,
    )


def _planting_cost(conditions: Conditions) -> Cost:
    """All that can be planted where a canary fires; where it does not, a dozen attempts show so."""
    return msgspec.structs.replace(
        _asking_cost(conditions), requests_min=2 * CONTROLS + 8, requests_max=MOST_PLANTED,
        bytes_max=MOST_PLANTED * HANDSHAKE_BYTES,
    )  # fmt: skip


def _asking_cost(conditions: Conditions) -> Cost:
    """Words go to an address of ours, so that they are no contacts; after a hit a port rests as long as is known."""
    rest = BURN_SECONDS / for_words(conditions)
    return Cost(
        requests_min=4,
        requests_max=MOST_ASKED,
        contacts_max=0,
        bytes_min=4 * HANDSHAKE_BYTES,
        bytes_max=MOST_ASKED * HANDSHAKE_BYTES,
        seconds_min=4.0 / conditions.scale,
        seconds_max=(MOST_ASKED / HITS * rest + 60.0) / conditions.scale,
    )


EXPERIMENTS: dict[str, Spec] = {
    spec.name: spec
    for spec in (
        Spec(
            name="web",
            version="2",
            asks="Is a page reachable from here as it is from elsewhere, and if not, what stands in the way?",
            needs_helper=False,
            open=Web,
            cost=_web_cost,
        ),
        Spec(
            name="dns",
            version="1",
            asks="Does each resolver tell the truth about a name?",
            needs_helper=False,
            open=Dns,
            cost=_web_cost,
        ),
        Spec(
            name="sni",
            version="2",
            asks="Is a name in a ClientHello enough to have a handshake cut?",
            needs_helper=False,
            open=Sni,
            cost=_sending_cost,
        ),
        Spec(
            name="encrypted_dns",
            version="1",
            asks="Can a resolver be asked inside TLS from here, and does it answer a harmless question?",
            needs_helper=False,
            open=EncryptedDns,
            cost=_encrypted_cost,
        ),
        Spec(
            name="hops",
            version="1",
            asks="Between which two hops is a name or an address cut off?",
            needs_helper=False,
            open=Hops,
            cost=_hops_cost,
        ),
        Spec(
            name="quic",
            version="1",
            asks="Is a site met over QUIC as it is over TCP, and if not, is it the name, or all of QUIC?",
            needs_helper=False,
            open=QuicName,
            cost=_web_cost,
        ),
        Spec(
            name="ech",
            version="1",
            asks="Is a hello cut because it hides a name in itself (ECH), and beside which outer names?",
            needs_helper=True,
            open=Ech,
            cost=_sending_cost,
        ),
        Spec(
            name="throttle",
            version="1",
            asks="Do downloads that name a site run slower than like ones, or stop part-way?",
            needs_helper=False,
            open=Throttle,
            cost=_throttle_cost,
        ),
        Spec(
            name="residual",
            version="1",
            asks="After a name was cut, what else is cut, for how long, and does trying again prolong it?",
            needs_helper=True,
            open=Residual,
            cost=_residual_cost,
        ),
        Spec(
            name="keyword",
            version="2",
            asks="Is what holds a word cut off, where a harmless word in the same place is not?",
            needs_helper=True,
            open=Keyword,
            cost=_sending_cost,
        ),
        Spec(
            name="calibrate",
            version="1",
            asks="Does a filter see words in this place, and what is a hit or a pass there worth?",
            needs_helper=True,
            open=Calibrate,
            cost=_planting_cost,
        ),
        Spec(
            name="screen",
            version="1",
            asks="Which of these words are cut off, where most of them are not?",
            needs_helper=True,
            open=Screen,
            cost=_asking_cost,
        ),
        Spec(
            name="isolate",
            version="1",
            asks="Which strings in this text are the trigger, and what lifts it?",
            needs_helper=True,
            open=Isolate,
            cost=_asking_cost,
        ),
        Spec(
            name="domain",
            version="1",
            asks="Which names does the rule cover that cuts this one off?",
            needs_helper=True,
            open=Domain,
            cost=_asking_cost,
        ),
        Spec(
            name="service",
            version="1",
            asks="Can a messenger, a resolver or a way around be used from here as from elsewhere?",
            needs_helper=False,
            open=Service,
            cost=_service_cost,
        ),
        Spec(
            name="middlebox",
            version="1",
            asks="Do requests that are odd, and allowed, reach a server of ours as they were sent?",
            needs_helper=True,
            open=Middlebox,
            cost=_sending_cost,
        ),
        Spec(
            name="search",
            version="1",
            asks="Does a platform show what it has on a word, and if not, does it say so?",
            needs_helper=False,
            open=Search,
            cost=_search_cost,
        ),
        Spec(
            name="watch",
            version="1",
            asks="Is a public post still there, and if not, what does its platform say?",
            needs_helper=False,
            open=Watch,
            cost=_watch_cost,
        ),
    )
}


def open_inquiry(target: Target, conditions: Conditions, first_id: int) -> Inquiry:
    """A fresh conversation about `target`.

    Raises:
        KeyError: There is no such experiment.
        ValueError: The target cannot be asked about (no URL, no name).
    """
    return EXPERIMENTS[target.experiment].open(target, conditions, first_id)


def worst_case(target: Target, conditions: Conditions) -> Cost:
    """What `target` takes if all is well, and at most."""
    return EXPERIMENTS[target.experiment].cost(conditions)

"""What a record is judged to show, field by field as METHOD 1 has it; nowhere a boolean "blocked"."""

from enum import StrEnum

import msgspec

from hushmap.model.word import Trigger


class Outcome(StrEnum):
    """Of a site or word; of what a platform shows, the last five, `insufficient` among them."""

    OK = "ok"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    DEGRADED = "degraded"
    DOWN = "down"
    SERVER_SIDE = "server_side"
    VISIBLE = "visible"
    """The platform shows it."""
    SUPPRESSED = "suppressed"
    """The platform has it, or may have, and does not show it."""
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    """By its author, or with the account."""
    INSUFFICIENT = "insufficient"


class Evidence(StrEnum):
    """What kind of observation carries the outcome."""

    DIRECT = "direct"
    """A reply that the site did not send was seen."""
    CONTROLLED = "controlled"
    """One thing changed, k of n against k of n."""
    COMPARISON = "comparison"
    """It works elsewhere at that time."""
    NONE = "none"


class Scope(StrEnum):
    """What of the target is affected."""

    ALL = "all"
    THIS_RESOLVER = "this_resolver"
    IPV4 = "ipv4"
    IPV6 = "ipv6"
    QUIC = "quic"
    PLAIN_HTTP = "plain_http"
    SOME_ADDRESSES = "some_addresses"
    THIS_CLIENT = "this_client"


class Where(StrEnum):
    """At which part of the way."""

    HOST = "host"
    RESOLVER = "resolver"
    PATH = "path"
    SERVER = "server"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why nothing could be decided."""

    NO_HELPER = "no_helper"
    HELPER_SILENT = "helper_silent"
    BUDGET = "budget"
    NETWORK_LOST = "network_lost"
    NETWORK_CHANGED = "network_changed"
    CAPTIVE_PORTAL = "captive_portal"
    INTERCEPTED = "intercepted"
    CLOCK = "clock"
    RESOLVER_DOWN = "resolver_down"
    CANARY_FAILED = "canary_failed"
    CAPTCHA = "captcha"
    LOGIN_WALL = "login_wall"
    ONE_ATTEMPT = "one_attempt"
    POINTS_DIFFER = "points_differ"
    """(ours) It failed here and at one comparison point, and worked at another."""
    ONE_POINT = "one_point"
    """(ours) Failure at a single comparison point: it may be refused too (METHOD 1, `down`)."""
    NO_QUIC = "no_quic"
    """(ours) Nobody saw the site speak QUIC: most do not."""
    NO_ECH = "no_ech"
    """(ours) What sends an encrypted ClientHello is not installed here."""
    UNREAD = "unread"
    """(ours) No page of the platform was read; a failed step of the network is none of the platform's doing."""
    ONE_LOOK = "one_look"
    """(ours) A post was missing once, and not looked for again."""
    NO_TWIN = "no_twin"
    """(ours) A post was missing, and so was what should be there beside it."""
    UNSAID = "unsaid"
    """(ours) A post was missing, and its platform does not say why."""
    NO_RULE = "no_rule"
    SELF_INDUCED = "self_induced"
    SOFTWARE_FAULT = "software_fault"


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the attempts is hit: `low` and `high` bound the share at 95 %."""

    low: float
    high: float
    partial: bool


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """(failures, attempts) that the verdict counted, per part."""

    subject: tuple[int, int] = (0, 0)
    baseline: tuple[int, int] = (0, 0)
    helper: tuple[int, int] = (0, 0)
    peer: tuple[int, int] = (0, 0)


class Verdict(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The judgement of one record: f(record with its context, rules, knowledge)."""

    outcome: Outcome
    rule: str
    """Id of the rule that matched."""
    rules: str
    """Version of the rule tables."""
    knowledge: str
    """`sha256:...` of fingerprints and databases."""
    evidence: Evidence = Evidence.NONE
    mechanisms: tuple[str, ...] = ()
    """`layer.action[.trigger]`; may be non-empty when the outcome is `ok`."""
    scope: Scope | None = None
    extent: Extent | None = None
    where: Where = Where.UNKNOWN
    direction: str = "inside_out"
    """Who opened, and which way the trigger travelled; volunteers' runs open from inside."""
    reason: Reason | None = None
    error_bound: float | None = None
    """The sequential test's bound; `None` where there was none."""
    error_model: str | None = None
    counts: Counts = msgspec.field(default_factory=Counts)
    proof: tuple[int, ...] = ()
    """Ids of the trials that carry the outcome."""
    peers: tuple[str, ...] = ()
    """Ids of the records of other runs that were compared, if any: then the verdict is a function of those, too."""
    triggers: tuple[Trigger, ...] = ()
    """What isolation found, of words and names; each with its own counts."""
    words: dict[str, str] = msgspec.field(default_factory=dict)
    """Of words that were asked about together: each with `cut`, `passed` or `open`."""
    facts: dict[str, str] = msgspec.field(default_factory=dict)
    """Words of the sentence that come from the record: address, resolver, fingerprint, notice, path ..."""


MECHANISMS: frozenset[str] = frozenset(
    """
    dns.tamper.bogon dns.tamper.blockpage dns.tamper.other dns.injection dns.nxdomain dns.refused dns.servfail
    dns.empty dns.timeout dns.intercepted dns.encrypted
    ip.timeout ip.prohibited tcp.timeout tcp.refused tcp.reset tcp.port tcp.freeze
    tls.reset tls.timeout tls.close tls.alert tls.mitm.untrusted tls.mitm.trusted
    http.blockpage http.redirect http.forged http.reset http.timeout http.close http.rewritten
    quic.timeout.sni quic.all
    throttle.sni throttle.host throttle.ip throttle.delay portal
    platform.notice platform.empty platform.soft platform.hidden platform.removed platform.held
    platform.author_removed platform.account_gone
    server.captcha server.geoblock server.ratelimit server.legal
    """.split()
)
"""METHOD 2, without triggers."""

TRIGGERS: dict[str, tuple[str, ...]] = {
    "dns": ("name",),
    "tls": ("sni", "ech"),
    "http": ("host", "url", "path", "query", "header", "cookie", "body", "response", "payload"),
    "tcp": ("payload", "answer"),
}
"""What an isolated trigger may be called, by family."""


def mechanism_known(mechanism: str) -> bool:
    """Whether `mechanism` is one of METHOD 2, bare or with a trigger of its family."""
    if mechanism in MECHANISMS:
        return True
    bare, _, trigger = mechanism.rpartition(".")
    return bare in MECHANISMS and trigger in TRIGGERS.get(bare.partition(".")[0], ())

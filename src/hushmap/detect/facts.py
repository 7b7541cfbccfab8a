"""The fields that a sentence may use: a record and a verdict's facts as words of one language.

A fact that is absent is a field that is absent, and the catalogue then leaves out what it cannot support. Everything
that came from the network is made visible and bounded here, so that no message has to think of it (UX 4: every
network-supplied string is hostile).
"""

import math
import re
from decimal import Decimal

from hushmap.detect.address import by_url
from hushmap.detect.messages import counted, fill, quotable, visible
from hushmap.model import Record, Vantage, Verdict

_OF = re.compile(r"(\d{1,6}) of (\d{1,6})")
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)")
_RESOLVER = re.compile(
    r"(?:\w+://)?(?:\[([0-9A-Fa-f:.]+)\](?::\d+)?|(\d+(?:\.\d+){3})(?::\d+)?|([0-9A-Fa-f]*:[0-9A-Fa-f:.]*))"
    r"|(?:tls|https|quic)://\[?([0-9A-Za-z_.-]{1,253}|[0-9A-Fa-f:.]+)\]?(?::\d+)?(?:[/#].*)?"
)
"""`udp://192.0.2.53:53`, `[2001:db8::53]:53`, the bare address; or `tls://dns.example#192.0.2.53`, which is known by
its name."""
_QUOTED = frozenset({"word", "notice"})
"""Facts that a sentence puts between quotation marks."""
_COMPUTED = frozenset(
    {
        "addresses",
        "resolver",
        "right_resolver",
        "others",
        "different",
        "unrelated",
        "points",
        "peers",
        "act",
        "altered",
    }
)
"""Facts that are turned into words before they enter a sentence."""
_RESOLVERS = {"system": "own", "your DNS server": "own", "our comparison server's DNS": "helper"}
"""Resolvers that have words instead of an address."""
_ACTS = {
    "server.captcha": "captcha",
    "server.geoblock": "geoblock",
    "server.ratelimit": "ratelimit",
    "server.legal": "451",
}
"""What a server did, where only the mechanism says it."""
_DIGITS = 2
"""Significant digits of a bound; more would pretend to a precision that no bound has."""


def when(messages: dict[str, str], started: str, ended: str) -> str:
    """The time span in UTC, to the minute."""
    begin, end = _TIME.match(started), _TIME.match(ended)
    if begin is None:
        return messages["when.unknown"]
    end = end or begin
    months = messages["months"].split()
    fields: dict[str, str] = {}
    for moment, suffix, clock in ((begin, "", "from"), (end, "2", "to")):
        year, month, day = int(moment[1]), int(moment[2]), int(moment[3])
        if not 1 <= month <= len(months):
            return messages["when.unknown"]
        fields |= {f"year{suffix}": f"{year}", f"month{suffix}": months[month - 1], f"day{suffix}": f"{day}"}
        fields[clock] = moment[4]
    same_day = begin.group(1, 2, 3) == end.group(1, 2, 3)
    key = "when.minute" if begin[0] == end[0] else "when.day" if same_day else "when.days"
    return fill(messages[key], fields) or ""


def network(messages: dict[str, str], vantage: Vantage) -> str:
    """The network's name, AS number and country code, as far as they are known."""
    fields = {}
    if vantage.network:
        fields["name"] = visible(vantage.network)
    if vantage.asn is not None:
        fields["asn"] = f"AS{vantage.asn}"
    if vantage.country:
        fields["country"] = visible(vantage.country)
    return fill(messages["network"], fields) or ""


def times(messages: dict[str, str], key: str, k: int, n: int) -> str:
    """`k of n times`, or the words for the only try there was."""
    return fill(messages[f"{key}.one" if k == n == 1 else f"{key}.other"], {"k": f"{k:,}", "n": f"{n:,}"}) or ""


def bounded(value: float, *, up: bool) -> str:
    """A positive number to two digits, rounded to the side that claims less."""
    step = 10.0 ** (math.floor(math.log10(value)) - _DIGITS + 1)
    units = round(value / step, 6)
    whole = (math.ceil(units) if up else math.floor(units)) * step
    return f"{whole:,.0f}" if whole >= 10 else f"{Decimal(f'{whole:.{_DIGITS}g}'):f}"


def _resolver(messages: dict[str, str], who: str, compared: str) -> str:
    if who in _RESOLVERS:
        return fill(messages[f"resolver.{_RESOLVERS[who]}"], {"compared": compared}) or ""
    found = _RESOLVER.fullmatch(who)
    if found is None:
        return messages["resolver.other"]
    return fill(messages["resolver.named"], {"resolver": found[found.lastindex or 0]}) or ""


def _numbers(messages: dict[str, str], facts: dict[str, str]) -> dict[str, str]:
    """Facts that are counts, in the number's own grammatical form; what is no number is left out."""
    fields = {}
    for name, key, least in (
        ("different", "tail.", 2),
        ("unrelated", "tail.", 1),
        ("points", "", 1),
        ("peers", "", 2),
    ):
        text = facts.get(name, "")
        if text.isascii() and text.isdecimal() and int(text) >= least:
            fields[name] = counted(messages, f"{key}{name}", int(text))
    for name in ("addresses", "others"):
        if pair := _OF.fullmatch(facts.get(name, "")):
            fields[name] = counted(messages, name, int(pair[2]), k=pair[1])
    return fields


def host_of_target(target: str) -> str:
    """The host of a URL, or the text itself."""
    return re.split(r"[/?#]", target.partition("://")[2], maxsplit=1)[0] or target


def fields_of(messages: dict[str, str], verdict: Verdict, record: Record) -> dict[str, str]:
    """Every field that is there; the names are those that the catalogues use."""
    facts = {key: value for key, value in verdict.facts.items() if value}
    fields = {
        key: quotable(value) if key in _QUOTED else visible(value)
        for key, value in facts.items()
        if key not in _COMPUTED
    }
    fields.setdefault("site", visible(host_of_target(record.target)))
    fields.setdefault("word", quotable(record.target))
    if record.platform is not None:
        fields.setdefault("platform", visible(record.platform.name))
    place = f"place.{facts.get('place') or record.layer}"
    fields["place"] = messages.get(place, messages["place.other"])
    ours = record.experiment != "web_connectivity" and not by_url(record.context)
    fields["compared"] = messages["helper.ours" if ours else "helper.theirs"]
    fields["resolver"] = _resolver(messages, facts.get("resolver", "system"), fields["compared"])
    for fact, field in (("baseline", "base"), ("fingerprint_source", "source")):
        if fact in fields:
            fields[field] = fields[fact]
    if "right_resolver" in facts:
        fields["right"] = _resolver(messages, facts["right_resolver"], fields["compared"])
    if f"manner.{facts.get('manner')}" in messages:
        fields["manner"] = messages[f"manner.{facts['manner']}"]
    if "altered" in facts:
        kinds = (messages.get(f"altered.{kind}", messages["altered.order"]) for kind in facts["altered"].split())
        fields["altered"] = messages["list"].join(kinds)
    act = facts.get("act") or next((_ACTS[name] for name in verdict.mechanisms if name in _ACTS), "other")
    fields["act"] = messages.get(f"act.{act}", messages["act.other"])
    fields |= _numbers(messages, facts)
    return fields | _comparisons(messages, verdict)


def _comparisons(messages: dict[str, str], verdict: Verdict) -> dict[str, str]:
    """What worked beside the subject; an arm in which nothing worked supports no comparison."""
    counts = verdict.counts
    tries = counts.baseline[1]
    fields = {"base_tried": counted(messages, "tries", tries)} if tries else {}
    for name, (failed, tried) in (("base", counts.baseline), ("helper", counts.helper), ("peer", counts.peer)):
        if tried > failed:
            fields[f"{name}_ok"] = times(messages, "worked", tried - failed, tried)
    if "helper_ok" in fields or "peer_ok" in fields:
        fields["elsewhere"] = ""
    return fields

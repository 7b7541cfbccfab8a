"""What may follow the first requests, as templates: no plan can list requests whose addresses a first answer names.

One block an experiment, in the order of the survey, then the pairs that a doubt is put to, then what the run sends
for itself. The limits are those that inquiries and runner keep to, taken from the same table.
"""

from collections.abc import Iterator

from hushmap.experiments import Conditions, worst_case
from hushmap.model import Target
from hushmap.runner import RunPlan

REDIRECTS = 10
"""Sites that one page load may be sent on to (experiments.web; a test holds the two together)."""
SENTINEL_S = 60
"""Seconds between looks at the harmless names (METHOD 3; likewise)."""

_PAGE = (
    "a page load of an address that an answer names, where it fails of the next, at most 4 of each family: {where}"
)
_PAIRS = "where something looks wrong, in turn: the harmless name, the subject, the harmless name"
_BLOCK = "an address that shows no valid certificate: one page load by plain HTTP, for a block notice"
_LOOKUPS = "a lookup of the name at each DNS server above, also for IPv6 addresses where there is IPv6"
_FURTHER = "where nothing bears the first answer out: a lookup at each other DNS server above"

_TEMPLATES = {
    "web": (
        _PAGE,
        _FURTHER,
        _BLOCK,
        f"each redirect, up to {REDIRECTS}, is a new site: its lookups and page loads likewise",
        _PAIRS,
    ),
    "dns": (_LOOKUPS, "a TLS handshake with each address that an answer names: {where}", _PAIRS),
    "sni": ("the handshake again, up to 3 times, if the connection itself failed", _PAIRS),
    "hops": (
        "a connection to an address that an answer names: {where}",
        "harmless packets toward it that go one hop far, two, and so on, up to 30; silent hops three times",
        "a handshake with it, or a request in the open, that names the host",
        "where it is cut off, in turn: a harmless name, the host, each so many hops far; after silence one elsewhere",
    ),
    "service": (
        "each endpoint as its protocol is opened, at one address that an answer names: {where}",
        _FURTHER,
        "what is left unmet without the endpoints that fail: those again, up to 3 times, or in pairs",
        _PAIRS,
    ),
    "middlebox": (
        "what came back altered, or not whole, again, up to 3 times",
        "what was cut off, in turn: a plain request, the odd one, a plain one elsewhere",
    ),
    "encrypted_dns": (
        "a TLS handshake with each address that an answer names, at the resolver's own port: {where}",
        "behind a certificate that holds a question for a harmless name, at most four times: {where}",
        "where its own port is closed: a connection to port 443 of the same address",
        _FURTHER,
        _BLOCK,
        _PAIRS,
    ),
    "search": (
        "the word beside another that always finds something, the same of nonsense, and nonsense alone, one by one",
        "what shows something is searched for once more ten minutes later; a page that was not read, up to 6 times",
        "words that are known to be left out there, before and after",
    ),
    "watch": (
        "a post that is missing, again ten minutes later, and each time one or two others of its platform",
        "a page that was not read, or a captcha, again at growing gaps",
    ),
    "quic": (
        "a page load over TCP, then a handshake over QUIC, from one address: {where}",
        "where that is met with silence: handshakes over QUIC with the harmless names at their own servers",
        "in turn: a harmless name, the site's, a harmless one; at the site's server, then at a harmless name's",
    ),
    "throttle": (
        "the site's name in a download from the helper and a harmless name in the same, in turn, up to 8 times",
        "the site's page from one address: {where}; where that is slow, in turn with a download from the helper",
    ),
    "residual": (
        (
            "if it was cut, after 2 to 300 s: harmless handshakes and a request to your helper's ports, from the same"
            " and from new ports, and one elsewhere beside them; then the name again, up to 24 times in all, a time"
            " of rest between"
        ),
    ),
    "ech": (
        "the same with a real encrypted hello, if the decoy passed; again, up to 3 times, if the connection failed",
        "where one is cut: the hello without it, the hello with it, in turn, and with a harmless outer name",
    ),
    "screen": (
        "packs of words that share an attempt, where the calibration allows it; words of a pack that was cut, apart",
        "each word that was cut, alone, in turn: a harmless word of its length, the word, a harmless one",
    ),
    "isolate": (
        "parts of the text, joined, padded to one length with harmless letters, until what is cut is found",
        "each trigger alone, without each of its parts, in harmless company; then in turn with harmless text",
    ),
    "domain": (
        "the names above it, and nine strings around the widest that is cut, each until it is decided",
        "in turn: a harmless name of its length, the name, a harmless one",
    ),
    "calibrate": (
        "harmless words; the canary; harmless ones after it, at doubling gaps, until they pass again",
        "the canary on each port of your helper's echo, many harmless words, packs with the canary in each place",
    ),
    "keyword": ("the same again, up to 3 times, if the connection itself failed", _PAIRS),
}


_CLIENTS = dict.fromkeys(
    ("web", "sni"), "a name that was shown to be cut: pairs again, with a hello like a browser's"
)


def following_lines(run: RunPlan) -> Iterator[str]:
    """Templates of every experiment of the run with its limits."""
    known = Conditions(
        resolvers=run.resolvers,
        comparison_resolvers=run.comparison_resolvers,
        baselines=(),
        baseline_word=run.baseline_word,
        helper=run.helper is not None and not run.helper.only_address,
        ipv6=run.ipv6,
        scale=run.scale,
        knowledge=run.knowledge,
    )
    compared = run.helper is not None and not run.helper.only_address
    where = "here and at the helper" if compared else "here"
    first: dict[str, Target] = {}
    for target in run.targets:
        first.setdefault(target.experiment, target)
    yield "What may follow, as the answers ask for it:"
    for experiment, target in sorted(first.items()):
        cost = worst_case(target, known)
        contacts = min(cost.contacts_max, run.limits.contacts)
        yield (
            f"{experiment}: at most {cost.requests_max} requests a target, "
            f"and one name at most {contacts} times from here"
        )
        for text in _TEMPLATES.get(experiment, (_PAIRS,)):
            yield f"  {text.format(where=where)}"
        if experiment in _CLIENTS and run.browser:
            yield f"  {_CLIENTS[experiment]}"
        if experiment == "ech" and not run.browser:
            yield "  nothing of it is sent from here: it needs pip install 'hushmap[utls]'"
    yield "the run itself, every " + f"{SENTINEL_S / run.scale:g} s and after a burst of failures:"
    yield f"  a lookup of, and a TLS handshake with, each of {', '.join(run.baselines)}"
    if run.comparison_resolvers:
        yield f"  where that lookup gives nothing, the same at {run.comparison_resolvers[0]}"
    if compared:
        echo = "" if run.own_address is None else ", and one request to its echo port"
        yield f"  the question to the helper whether it is online{echo}"

"""Who sees a run: the runner's rows, completed by what only the command line knows.

Words that have nowhere to go are not sent, so they are neither priced nor seen; a helper's host name is looked up
before the run; a page may send one on to other sites; and people know a DNS server by its address.
"""

import re

import msgspec

from hushmap.cli.follow_text import REDIRECTS
from hushmap.cli.ordering import UNKNOWN_HELPER
from hushmap.cli.place import Place
from hushmap.model import is_address
from hushmap.net import OoniSpec, parse_resolver
from hushmap.runner import Plan, RunPlan, SeenBy, preview

_SERVER = re.compile(r"(udp|tcp)://(\[[^\]]+\]|[0-9.]+):(\d+)|(?:tls|https|quic)://[^\s,]+")


def sendable(run: RunPlan) -> RunPlan:
    """The run without what would not be sent: words, where there is no address of one's own."""
    if run.own_address is not None:
        return run
    return msgspec.structs.replace(run, targets=tuple(target for target in run.targets if target.place is None))


def planned(run: RunPlan, place: Place) -> Plan:
    """The plan of what would be sent, and who would see that."""
    sent = sendable(run)
    plan = preview(sent)
    rows = list(plan.seen_by) if sent.targets else list(plan.seen_by[-1:])
    rows = [msgspec.structs.replace(row, who=_people(row.who, place)) for row in rows]
    visited = sum(target.experiment == "web" for target in sent.targets)
    if visited:
        after = next(number for number, row in enumerate(rows, 1) if row.what.endswith("a page load"))
        rows.insert(after, SeenBy(who=f"sites they redirect to (up to {REDIRECTS} each)", what=rows[after - 1].what))
    if place.helper is not None and not is_address(place.helper.host):
        whose = "the" if isinstance(place.helper, OoniSpec) else "your"
        rows.insert(-1, SeenBy(who="your system's DNS server", what=f"{whose} helper's name {place.helper.host}"))
    whole = preview(run) if sent is not run else plan
    return msgspec.structs.replace(
        plan,
        seen_by=tuple(rows),
        targets=whole.targets,
        experiments=whole.experiments,
        categories=whole.categories,
        not_asked=whole.not_asked,
    )


def named(text: str, place: Place) -> str:
    """`text` with the helper's name, where its address is not yet known."""
    return text if place.helper is None else text.replace(UNKNOWN_HELPER, place.helper.host)


def _people(who: str, place: Place) -> str:
    return _SERVER.sub(lambda match: server(match.group()), named(who, place))


def server(url: str) -> str:
    """A DNS server as people write it: its address, and what is unusual about it."""
    match = _SERVER.fullmatch(url)
    if match is None:
        return url
    if match[1] is None:
        found = parse_resolver(url)
        at = "" if found.address in {"", found.host} else f" at {found.address}"
        return f"{found.host}{at} by {found.transport.upper()}"
    scheme, address, port = match.groups()
    said = [address.strip("[]")] + ([f"port {port}"] if port != "53" else [])
    return " ".join(said + (["by TCP"] if scheme == "tcp" else []))

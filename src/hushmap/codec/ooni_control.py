"""What the helper met, as OONI's `control`, the answer of its test helper; written for its readers, not read back.

The helper's trials stand whole among `x_hushmap_trials`; this is their summary in the shape that OONI's tools compare
with. Only the survey's first page is in it, as with OONI, whose test helper is asked once: but since that one follows
redirects, the page is the last one that our helper was led to. Failures have the probe's names, not the old ones of
OONI's test helper, of which readers compare only whether there was one (refs/OONI 1.3).
"""

from collections.abc import Iterable, Sequence

from hushmap.codec.ooni_lacking import named
from hushmap.codec.ooni_requests import WITHHELD, first_of_each, spelled
from hushmap.codec.ooni_shape import Control, ControlDns, ControlHttp, ControlTcp, ControlTls, IpInfo
from hushmap.codec.ooni_survey import Places
from hushmap.model import Fetch, Handshake, Trial, is_address, is_bogon
from hushmap.wire import ooni_helper
from hushmap.wire.ooni_helper import Flag

NOT_ASKED = "unknown_failure: not_asked"
"""Of a lookup or a page load that the helper did not make."""


def control_of(own: Sequence[Trial], helped: Sequence[Trial], places: Places) -> Control:
    """What the helper's trials of the survey came to; `own` are those from here."""
    there = [trial for trial in helped if places.depth(trial) == 0]
    here = [trial for trial in own if places.depth(trial) == 0]
    tcp: dict[str, ControlTcp] = {}
    tls: dict[str, ControlTls] = {}
    for trial in there:
        if connect := trial.connect:
            status = ControlTcp(status=connect.failure is None, failure=named(connect.failure))
            tcp.setdefault(ooni_helper.endpoint_text(connect.address, connect.port), status)
        if shaken := trial.handshake:
            held = ControlTls(
                server_name=shaken.sni or "", status=shaken.failure is None, failure=named(shaken.failure)
            )
            tls.setdefault(ooni_helper.endpoint_text(shaken.address, shaken.port), held)
    return Control(
        tcp_connect=tcp,
        tls_handshake=tls,
        http_request=_page(helped, places),
        dns=_lookup(there, places.first),
        ip_info=_addresses(here, there),
    )


def _lookup(there: Iterable[Trial], host: str) -> ControlDns:
    steps = [step for trial in there for step in trial.resolves]
    if not steps:
        return ControlDns(failure=None if is_address(host) else NOT_ASKED)
    found = tuple(dict.fromkeys(address for step in steps for address in step.addresses))
    return ControlDns(failure=None if found else named(steps[0].failure), addrs=found)


def _page(helped: Iterable[Trial], places: Places) -> ControlHttp:
    """The page at the end of the redirects that the helper followed, else why there is none."""
    loads = [(places.depth(trial), fetch) for trial in helped if (fetch := trial.fetch)]
    if not loads:
        failed = next((step for trial in helped for step in trial.steps if step.failure is not None), None)
        return ControlHttp(failure=NOT_ASKED if failed is None else named(failed.failure))
    last = max(depth for depth, _ in loads)
    return _http(min((fetch for depth, fetch in loads if depth == last), key=_rank))


def _rank(fetch: Fetch) -> int:
    """A page before half a page before none."""
    return (fetch.failure is not None) + (fetch.page is None)


def _http(fetch: Fetch) -> ControlHttp:
    if fetch.failure is not None or fetch.page is None:
        return ControlHttp(failure=named(fetch.failure) or NOT_ASKED)
    page = fetch.page
    values = {"location": page.location, "server": page.server, **first_of_each(page.headers)}
    return ControlHttp(
        body_length=page.body_length,
        failure=None,
        title=page.title or "",
        headers={spelled(name): values.get(name) or WITHHELD for name in page.header_names},
        status_code=page.status,
    )


def _addresses(here: Iterable[Trial], there: Iterable[Trial]) -> dict[str, IpInfo]:
    flags: dict[str, int] = {}
    for trials, named_by in ((here, Flag.BY_PROBE), (there, Flag.BY_HELPER)):
        for trial in trials:
            for step in trial.steps:
                for address in getattr(step, "addresses", ()):
                    flags[address] = flags.get(address, 0) | named_by | (Flag.BOGON if is_bogon(address) else 0)
    for trial in there:
        shaken = trial.handshake
        if shaken is not None and _held(shaken) and shaken.address in flags:
            flags[shaken.address] |= Flag.VALID
    return {address: IpInfo(flags=int(found)) for address, found in sorted(flags.items())}


def _held(shaken: Handshake) -> bool:
    return shaken.failure is None and shaken.valid is not False

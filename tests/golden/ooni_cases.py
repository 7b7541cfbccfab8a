"""What a single OONI measurement may be said to show: each case with where it comes from, and our verdict.

The origins are the rules that refs/OONI 2.4 to 2.8 name, the issues of its section 6, or METHOD's own clauses.
"""

import msgspec
from ooni_documents import (
    BODY,
    HEADERS,
    HOST,
    LIE,
    SITE,
    V6,
    connect,
    control,
    endpoint,
    handshake,
    measurement,
    page,
    query,
    request,
)

from hushmap.model import Fingerprint, Knowledge

NOTICE = "<html><body>This page cannot be shown, by order of the ministry of silence.</body></html>"
MARKS = Knowledge(
    sha256="ab",
    fingerprints=(
        Fingerprint(id="xe.body", where="body", pattern="by order of the ministry of silence", source="a test"),
        Fingerprint(id="xe.whose", where="body", pattern="access to this page is forbidden", scope="unk"),
        Fingerprint(id="xe.away", where="location", pattern="http://notice.example/", kind="prefix"),
        Fingerprint(id="xe.dns", where="dns", pattern=LIE, kind="full"),
        Fingerprint(id="xe.alias", where="dns", pattern="forbidden.example", kind="full"),
        Fingerprint(id="xe.box", where="certificate", pattern="Box of the Ministry"),
    ),
)
NONE = Knowledge()
HTTP, HTTPS = f"http://{HOST}/", f"https://{HOST}/"
OTHER, THERE = "shop.example.org", "203.0.113.80"
AT80 = {endpoint(SITE, 80): None}
RESOLVER = "203.0.113.53:53"
FAILED = page(failure="unknown_error")


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement and its verdict."""

    name: str
    origin: str
    document: dict
    outcome: str
    mechanisms: tuple[str, ...] = ()
    reason: str | None = None
    evidence: str | None = None
    scope: str | None = None
    site: str | None = None
    """The host that the sentence names, where it is not the target's."""
    knowledge: Knowledge = NONE


def plain(body=BODY, headers=None, helper=None, **more):
    """A plain-HTTP measurement of one request."""
    return measurement(
        HTTP,
        requests=[request(HTTP, body=body, headers=headers, **more)],
        helper=helper or control(endpoints=AT80, tls={}),
    )


def failing(failure, *, at="http", helper=None, url=HTTPS, **more):
    """A measurement whose one attempt fails at `connect`, `tls` or `http`."""
    port = 443 if url == HTTPS else 80
    return measurement(
        url,
        connects=[connect(port=port, failure=failure if at == "connect" else None)],
        handshakes=[handshake(failure=failure if at == "tls" else None)] if port == 443 and at != "connect" else [],
        requests=[request(url, failure=failure)] if at == "http" else [],
        helper=helper or control(endpoints={endpoint(SITE, port): None}, tls=None if port == 443 else {}),
        **more,
    )


def hop(status=302, *, end=None, over=HTTP, lookups=None, connects=(), handshakes=(), helper=None):
    """A load of `over` that is sent on to OTHER, and what came there."""
    away = f"https://{OTHER}/home"
    first = 443 if over == HTTPS else 80
    return measurement(
        over,
        queries=[query(), *(lookups if lookups is not None else [query(OTHER, (THERE,), txid=10002, depth=1)])],
        connects=[connect(port=first), *connects],
        handshakes=[*([handshake()] if first == 443 else []), *handshakes],
        requests=[request(over, status=status, body="", location=away), *([end] if end else [])],
        helper=helper or control(endpoints={endpoint(SITE, first): None}),
    )


def at_other(failure=None, **more):
    """The request at the end of `hop`."""
    return request(f"https://{OTHER}/home", failure=failure, address=THERE, txid=50002, depth=1, t=0.9, **more)


CURVE = [(0.1, 20_000), (0.3, 60_000), (2.0, 75_000), (4.0, 92_000), (6.0, 110_000), (8.0, 127_000), (9.9, 144_000)]


def transfer(curve):
    """A page whose transfer was cut by its time-out, with these samples of bytes."""
    events = [
        {
            "address": endpoint(SITE, 443),
            "failure": None,
            "num_bytes": total,
            "operation": "bytes_received_cumulative",
            "proto": "tcp",
            "t0": 0.3 + at,
            "t": 0.3 + at,
            "transaction_id": 50001,
            "tags": [],
        }
        for at, total in curve
    ]
    return failing("generic_timeout_error", events=events)


def split(address, body, helper=None):
    """A plain site whose name has another address in this network than elsewhere, where a certificate proves it."""
    return measurement(
        HTTP,
        queries=[query(addresses=(address,)), query(resolver=RESOLVER)],
        connects=[connect(address, 80), connect(txid=50002)],
        handshakes=[handshake(txid=50002)],
        requests=[request(HTTP, address=address, body=body)],
        helper=helper or control(),
    )


def twice(body, *connects):
    """A plain page, and two answers to one question about its name, the later one proven by a certificate."""
    return measurement(
        HTTP,
        queries=[query(addresses=(LIE,), resolver=RESOLVER), query()],
        connects=[*connects, connect(txid=50002)],
        handshakes=[handshake(txid=50002)],
        requests=[request(HTTP, body=body)],
        duplicates=[query(resolver=RESOLVER, t=0.3)],
        helper=control(),
    )


def at_home(*requests):
    """A load of the very site that MARKS know from redirects to notices, which the helper cannot reach."""
    return measurement(
        requests[0]["request"]["url"],
        requests=requests,
        helper=control(endpoints=AT80, tls={}, load=page(failure="generic_timeout_error")),
    )


CASES = (
    Case(
        name="a site over https",
        origin="ts-017; refs/OONI 2.7, rule 1",
        document=measurement(),
        outcome="ok",
        evidence="comparison",
    ),
    Case(
        name="a site over http whose page is the helper's",
        origin="refs/OONI 2.4",
        document=plain(),
        outcome="ok",
        evidence="comparison",
    ),
    Case(
        name="a known block page that shares an uncommon header name with the real page",
        origin="refs/OONI 2.4: one shared uncommon header name is agreement there",
        document=plain(NOTICE, {"Server": "nginx", "X-News-Node": "box"}),
        knowledge=MARKS,
        outcome="blocked",
        mechanisms=("http.blockpage",),
        evidence="direct",
        scope="plain_http",
    ),
    Case(
        name="an unknown page that shares an uncommon header name with the real page",
        origin="refs/OONI 2.4: one shared uncommon header name is agreement there",
        document=plain(NOTICE, {"Server": "nginx", "X-News-Node": "box"}),
        outcome="insufficient",
        reason="one_attempt",
    ),
    Case(
        name="two different pages, neither with a title",
        origin="refs/OONI 2.4: two absent titles are agreement there",
        document=plain(NOTICE, {}, helper=control(endpoints=AT80, tls={}, load=page(title="", length=40_000))),
        outcome="insufficient",
        reason="one_attempt",
    ),
    Case(
        name="a false address mixed among true ones",
        origin="refs/OONI 2.5: any address in common makes the whole answer valid there",
        document=measurement(
            queries=[query(addresses=(SITE, "10.10.34.35"))],
            connects=[connect(), connect("10.10.34.35", failure="generic_timeout_error", txid=50002)],
        ),
        outcome="ok",
        mechanisms=("dns.tamper.bogon",),
        scope="some_addresses",
    ),
    Case(
        name="a redirect 303, which OONI's client does not follow",
        origin="refs/OONI 1.2: 303 is not followed and not final",
        document=hop(303, over=HTTPS, lookups=[]),
        outcome="ok",
    ),
    Case(
        name="a plain redirect 303 proves nothing",
        origin="refs/OONI 1.2: 303 is not followed and not final",
        document=hop(303, lookups=[]),
        outcome="insufficient",
        reason="one_attempt",
    ),
    Case(
        name="a redirect 308 that is followed",
        origin="refs/OONI 1.2",
        document=hop(
            308,
            end=at_other(),
            over=HTTPS,
            connects=[connect(THERE, txid=50002, depth=1)],
            handshakes=[handshake(THERE, host=OTHER, txid=50002, depth=1)],
        ),
        outcome="ok",
    ),
    Case(
        name="a later host of the chain is reset",
        origin="refs/OONI 2.7: the classic walk says http-failure of the whole",
        document=hop(
            connects=[connect(THERE, txid=50002, depth=1, t=0.7)],
            handshakes=[handshake(THERE, host=OTHER, failure="connection_reset", txid=50002, depth=1, t=0.8)],
        ),
        outcome="unreachable",
        mechanisms=("tls.reset",),
        site=OTHER,
    ),
    Case(
        name="a later host of the chain is not found",
        origin="refs/OONI 2.5: only the first host's lookups are compared there",
        document=hop(lookups=[query(OTHER, (), "dns_nxdomain_error", txid=10002, depth=1)]),
        outcome="unreachable",
        mechanisms=("dns.nxdomain",),
        site=OTHER,
    ),
    Case(
        name="endless redirects for everyone",
        origin="refs/OONI 2.6: control failed is null there",
        document=measurement(
            HTTP,
            requests=[request(HTTP, status=302, body="", location=HTTP, t=0.1 * n) for n in range(1, 12)],
            helper=control(endpoints=AT80, tls={}, load=page(failure="http_request_failed")),
        ),
        outcome="down",
    ),
    Case(
        name="a broken redirect for everyone",
        origin="df-007: http_invalid_redirect_location_host",
        document=measurement(
            HTTP,
            requests=[request(HTTP, status=302, body="", location="http://")],
            helper=control(endpoints=AT80, tls={}, load=page(failure="http_invalid_redirect_location_host")),
        ),
        outcome="down",
    ),
    Case(
        name="the helper failed and the site proved itself",
        origin="refs/OONI 2.6, rule 6: null there",
        document=measurement(helper=control(load=FAILED)),
        outcome="ok",
        evidence="none",
    ),
    Case(
        name="the helper failed and the page came in the clear",
        origin="refs/OONI 2.6, rule 6",
        document=plain(helper=control(endpoints=AT80, tls={}, load=FAILED)),
        outcome="insufficient",
        reason="helper_silent",
    ),
    Case(
        name="the helper is blocked and the site is not",
        origin="refs/OONI 6, 12: probe#2500",
        document=measurement(control_failure="connection_reset"),
        outcome="ok",
        evidence="none",
    ),
    Case(
        name="the helper is blocked and the site fails",
        origin="explorer#764: counted as accessible there",
        document=measurement(
            handshakes=[handshake(failure="connection_reset")], requests=[], control_failure="connection_reset"
        ),
        outcome="insufficient",
        reason="helper_silent",
    ),
    Case(
        name="a captcha for this line only",
        origin="refs/OONI 6, 4: probe#2661, an anomaly there",
        document=measurement(requests=[request(status=403, body="<title>Just a moment...</title>")]),
        outcome="server_side",
        mechanisms=("server.captcha",),
    ),
    Case(
        name="a captcha for the helper only",
        origin="refs/OONI 6, 4: probe#2661",
        document=plain(helper=control(endpoints=AT80, tls={}, load=page("Just a moment...", 5_000, 403))),
        outcome="insufficient",
        reason="captcha",
    ),
    Case(
        name="a captcha in the clear, of which nobody knows the author",
        origin="METHOD 1, server_side needs the valid certificate",
        document=plain("<title>Attention Required!</title>", status=403),
        outcome="insufficient",
        reason="captcha",
    ),
    Case(
        name="a private address for everyone",
        origin="refs/OONI 2.5: polito.it resolves to 192.168 for all",
        document=measurement(
            queries=[query(addresses=("192.168.3.4",))],
            connects=[connect("192.168.3.4", failure="connection_refused")],
            handshakes=[],
            requests=[],
            helper=control(("192.168.3.4",), endpoints={}, load=page(failure="connection_refused")),
        ),
        outcome="down",
    ),
    Case(
        name="localhost for everyone",
        origin="refs/OONI 2.7, rule 7",
        document=measurement(
            queries=[query(addresses=("127.0.0.1",))],
            connects=[],
            handshakes=[],
            requests=[],
            helper=control(("127.0.0.1",), endpoints={}, load=page(failure="connection_refused")),
        ),
        outcome="down",
    ),
    Case(
        name="a name that exists for nobody, and an answer that appears here",
        origin="refs/OONI 2.7, x_null_null_flags 16: the outcome becomes dns there",
        document=measurement(
            HTTP,
            queries=[query(addresses=(LIE,)), query(addresses=(), failure="dns_nxdomain_error", resolver=RESOLVER)],
            connects=[connect(LIE, 80, failure="generic_timeout_error")],
            requests=[],
            helper=control((), "dns_nxdomain_error", {}, load=page(failure="dns_nxdomain_error")),
        ),
        outcome="down",
        mechanisms=("dns.tamper.other",),
    ),
    Case(
        name="a name that exists for nobody",
        origin="refs/OONI 2.6, rule 3: accessible there",
        document=measurement(
            queries=[query(addresses=(), failure="dns_nxdomain_error")],
            connects=[],
            handshakes=[],
            requests=[],
            helper=control((), "dns_name_error", {}, load=page(failure="dns_lookup_error")),
        ),
        outcome="down",
    ),
    Case(
        name="a transparent proxy that delivers the page",
        origin="RFC 9110 7.6.3, Via",
        document=plain(headers=HEADERS | {"Via": "1.1 box (squid)", "X-Cache": "MISS from box"}),
        outcome="ok",
        mechanisms=("http.rewritten",),
    ),
    Case(
        name="IPv6 is broken and IPv4 works",
        origin="refs/OONI 4.3, ipv6_broken_probe",
        document=measurement(
            queries=[query(addresses=(SITE, V6))],
            connects=[connect(), connect(V6, failure="network_unreachable", txid=50002)],
            requests=[request(), request(failure="network_unreachable", address=V6, txid=50002)],
            helper=control((SITE, V6)),
        ),
        outcome="ok",
    ),
    Case(
        name="IPv6 is broken and IPv4 is reset",
        origin="refs/OONI 4.3, ipv6_broken_probe",
        document=measurement(
            queries=[query(addresses=(SITE, V6))],
            connects=[connect(), connect(V6, failure="generic_timeout_error", txid=50002)],
            handshakes=[handshake(failure="connection_reset")],
            requests=[],
            helper=control((SITE, V6)),
        ),
        outcome="unreachable",
        mechanisms=("tls.reset",),
    ),
    Case(
        name="a body cut at the probe's limit, under the same title",
        origin="refs/OONI 2.4: no proportion of a truncated body",
        document=plain(
            BODY, truncated=True, helper=control(endpoints=AT80, tls={}, load=page(length=4_000_000, headers={}))
        ),
        outcome="ok",
    ),
    Case(
        name="a body cut at the probe's limit, without a title",
        origin="refs/OONI 2.4",
        document=plain(
            "x" * 3000, truncated=True, helper=control(endpoints=AT80, tls={}, load=page(title="", length=3100))
        ),
        outcome="insufficient",
        reason="one_attempt",
    ),
    Case(
        name="a name in its own script",
        origin="RFC 5891",
        document=measurement(
            "http://пример.example/",
            queries=[query("xn--e1afmkfd.example")],
            requests=[request("http://xn--e1afmkfd.example/", failure="connection_reset")],
        ),
        outcome="unreachable",
        mechanisms=("http.reset",),
        site="xn--e1afmkfd.example",
    ),
    Case(
        name="a transfer that ran fast and then slowly",
        origin="refs/OONI 1.2: sampled and never judged there",
        document=transfer(CURVE),
        outcome="degraded",
    ),
    Case(
        name="a transfer without its curve",
        origin="refs/OONI 1.2",
        document=failing("generic_timeout_error"),
        outcome="unreachable",
        mechanisms=("http.timeout",),
    ),
    Case(
        name="two answers to one question, the second proven",
        origin="METHOD 1, direct",
        document=measurement(
            queries=[query(addresses=(LIE,), resolver=RESOLVER), query(addresses=(LIE,))],
            connects=[connect(LIE, failure="generic_timeout_error"), connect(txid=50002)],
            handshakes=[handshake(txid=50002)],
            requests=[],
            duplicates=[query(addresses=(SITE,), resolver=RESOLVER, t=0.3)],
        ),
        outcome="blocked",
        mechanisms=("dns.injection",),
        evidence="direct",
        scope="all",
    ),
    Case(
        name="an impossible address, and another resolver's is proven",
        origin="METHOD 1: a record that holds the pair itself",
        document=measurement(
            queries=[query(addresses=("10.10.34.35",)), query(resolver=RESOLVER)],
            connects=[connect("10.10.34.35", failure="generic_timeout_error"), connect(txid=50002)],
            handshakes=[handshake(txid=50002)],
            requests=[],
        ),
        outcome="blocked",
        mechanisms=("dns.tamper.bogon",),
        evidence="controlled",
        scope="this_resolver",
    ),
    Case(
        name="an impossible address, and nothing proven here",
        origin="METHOD 1: a single attempt without a pair",
        document=measurement(
            queries=[query(addresses=("10.10.34.35",))],
            connects=[connect("10.10.34.35", failure="generic_timeout_error")],
            handshakes=[],
            requests=[],
        ),
        outcome="unreachable",
        mechanisms=("dns.tamper.bogon",),
        evidence="comparison",
    ),
    Case(
        name="an address known from block notices",
        origin="METHOD 4: known injected answer",
        document=measurement(
            queries=[query(addresses=(LIE,))],
            connects=[connect(LIE, failure="generic_timeout_error")],
            handshakes=[],
            requests=[],
        ),
        knowledge=MARKS,
        outcome="blocked",
        mechanisms=("dns.tamper.blockpage",),
        evidence="direct",
    ),
    *(
        Case(
            name=f"{failure} at {at}",
            origin="METHOD 1: fails here, works elsewhere, author unknown",
            document=failing(failure, at=at, url=url),
            outcome="unreachable",
            mechanisms=(name,),
            evidence="comparison",
        )
        for failure, at, url, name in (
            ("generic_timeout_error", "connect", HTTPS, "tcp.timeout"),
            ("connection_refused", "connect", HTTPS, "tcp.refused"),
            ("connection_reset", "tls", HTTPS, "tls.reset"),
            ("generic_timeout_error", "tls", HTTPS, "tls.timeout"),
            ("eof_error", "tls", HTTPS, "tls.close"),
            ("connection_reset", "http", HTTPS, "http.reset"),
            ("connection_reset", "http", HTTP, "http.reset"),
            ("eof_error", "http", HTTP, "http.close"),
        )
    ),
    Case(
        name="reset at the handshake, for the helper too",
        origin="METHOD 1, down",
        document=failing(
            "connection_reset",
            at="tls",
            helper=control(tls={endpoint(SITE, 443): "connection_reset"}, load=page(failure="connection_reset")),
        ),
        outcome="down",
    ),
    Case(
        name="silence here and at the helper",
        origin="METHOD 1: silence at a single comparison point",
        document=failing(
            "generic_timeout_error",
            at="connect",
            helper=control(
                endpoints={endpoint(SITE, 443): "generic_timeout_error"}, load=page(failure="generic_timeout_error")
            ),
        ),
        outcome="insufficient",
        reason="one_point",
    ),
    Case(
        name="another certificate, where the helper got the site's own",
        origin="METHOD 4",
        document=failing("ssl_unknown_authority", at="tls"),
        outcome="unreachable",
        mechanisms=("tls.mitm.untrusted",),
    ),
    Case(
        name="a certificate that holds for nobody",
        origin="METHOD 4",
        document=failing(
            "ssl_unknown_authority",
            at="tls",
            helper=control(
                tls={endpoint(SITE, 443): "ssl_unknown_authority"}, load=page(failure="ssl_unknown_authority")
            ),
        ),
        outcome="down",
    ),
    Case(
        name="a certificate that is out of date here only",
        origin="METHOD 4: corrected time",
        document=failing("ssl_invalid_certificate", at="tls"),
        outcome="insufficient",
        reason="clock",
    ),
    Case(
        name="451 over the site's certificate",
        origin="RFC 7725; METHOD 1",
        document=measurement(requests=[request(status=451)]),
        outcome="server_side",
        mechanisms=("server.legal",),
    ),
    Case(
        name="403 in the clear, 200 elsewhere",
        origin="METHOD 1: author unknown",
        document=plain(status=403),
        outcome="unreachable",
    ),
    Case(
        name="a redirect to a known notice",
        origin="METHOD 2, http.redirect",
        document=measurement(
            HTTP,
            requests=[
                request(HTTP, status=302, body="", location="http://notice.example/"),
                request("http://notice.example/", body=NOTICE, address=LIE, t=0.8),
            ],
            helper=control(endpoints=AT80, tls={}),
        ),
        knowledge=MARKS,
        outcome="blocked",
        mechanisms=("http.redirect",),
        evidence="direct",
    ),
    Case(
        name="a redirect to an unrelated host, whose page is not the helper's",
        origin="refs/OONI 2.7, rule 1: a page over TLS is ok there, wherever it is",
        document=hop(
            end=at_other(body="<title>Safe browsing</title>"),
            connects=[connect(THERE, txid=50002, depth=1)],
            handshakes=[handshake(THERE, host=OTHER, txid=50002, depth=1)],
        ),
        outcome="insufficient",
        reason="one_attempt",
    ),
    *(
        Case(
            name=f"a redirect to a private address, {location}",
            origin="METHOD 1, captive_portal",
            document=measurement(
                HTTP,
                requests=[request(HTTP, status=307, body="", location=location)],
                helper=control(endpoints=AT80, tls={}),
            ),
            outcome="insufficient",
            mechanisms=("portal",),
            reason="captive_portal",
        )
        for location in (
            "http://192.168.22.1/Portal",
            "//10.0.0.1/login",
            "http://10.0.0.1?u=1",
            "http://10.0.0.1:8080/",
            "http://[fd00::1]/",
        )
    ),
    Case(
        name="a site that shows everyone the wording of a notice",
        origin="refs/OONI 6, 5: probe#2495",
        document=plain(BODY + NOTICE),
        knowledge=MARKS,
        outcome="ok",
    ),
    Case(
        name="a site that quotes a notice over its own certificate",
        origin="METHOD 1, direct: a reply that the site did not send",
        document=measurement(requests=[request(body=NOTICE)]),
        knowledge=MARKS,
        outcome="ok",
    ),
    Case(
        name="0.4: a request over https that was reset, at an unknown step",
        origin="refs/OONI 2.3: one failure for connection, handshake and page",
        document=measurement(
            version="0.4.1", handshakes=[], requests=[request(failure="connection_reset")], blocking="http-failure"
        ),
        outcome="unreachable",
    ),
    Case(
        name="0.4: a site over https",
        origin="refs/OONI 2.6, rule 1",
        document=measurement(version="0.4.1"),
        outcome="ok",
    ),
    Case(
        name="0.4: a handshake that was reset",
        origin="refs/OONI 2.6, rule 7",
        document=measurement(
            version="0.4.1",
            handshakes=[handshake(failure="connection_reset")],
            requests=[request(failure="connection_reset")],
        ),
        outcome="unreachable",
        mechanisms=("tls.reset",),
    ),
    Case(
        name="a lookup that is refused here and answered elsewhere",
        origin="METHOD 1: a single attempt without a pair",
        document=measurement(
            queries=[query(addresses=(), failure="dns_refused_error"), query(resolver=RESOLVER)],
            connects=[],
            handshakes=[],
            requests=[],
        ),
        outcome="unreachable",
        mechanisms=("dns.refused",),
        scope="this_resolver",
    ),
    Case(
        name="a notice at an address known from notices",
        origin="METHOD 2, dns.tamper.blockpage",
        document=measurement(
            HTTP,
            queries=[query(addresses=(LIE,))],
            connects=[connect(LIE, 80)],
            requests=[request(HTTP, body=NOTICE, address=LIE)],
            helper=control(endpoints=AT80, tls={}),
        ),
        knowledge=MARKS,
        outcome="blocked",
        mechanisms=("dns.tamper.blockpage",),
        evidence="direct",
    ),
    Case(
        name="an alias known from block notices",
        origin="refs/OONI 7: fingerprints_dns holds aliases too",
        document=measurement(
            queries=[
                {**query(addresses=(SITE,)), "answers": [{"answer_type": "CNAME", "hostname": "forbidden.example"}]}
            ],
            connects=[],
            handshakes=[],
            requests=[],
        ),
        knowledge=MARKS,
        outcome="blocked",
        mechanisms=("dns.tamper.blockpage",),
        evidence="direct",
    ),
    Case(
        name="an address known from notices, which everybody is told",
        origin="METHOD 4: a wrong answer needs a positive sign",
        document=measurement(
            queries=[query(addresses=(LIE,))],
            connects=[connect(LIE, failure="connection_refused")],
            handshakes=[],
            requests=[],
            helper=control((LIE,), endpoints={}, load=page(failure="connection_refused")),
        ),
        knowledge=MARKS,
        outcome="down",
    ),
    Case(
        name="a notice that no helper could compare",
        origin="METHOD 1, direct",
        document=measurement(HTTP, requests=[request(HTTP, body=NOTICE)], control_failure="connection_reset"),
        knowledge=MARKS,
        outcome="blocked",
        mechanisms=("http.blockpage",),
        evidence="direct",
    ),
    Case(
        name="a page at an address known from notices that is the helper's page",
        origin="METHOD 4",
        document=measurement(
            HTTP,
            queries=[query(addresses=(LIE,))],
            requests=[request(HTTP, address=LIE)],
            helper=control(endpoints=AT80, tls={}),
        ),
        knowledge=MARKS,
        outcome="ok",
    ),
    Case(
        name="one question answered twice alike",
        origin="refs/OONI 1.2: duplicate answers are listed",
        document=measurement(
            queries=[query(addresses=("203.0.113.9",), resolver=RESOLVER), query()],
            duplicates=[query(addresses=("203.0.113.9", SITE), resolver=RESOLVER, t=0.3)],
        ),
        outcome="ok",
    ),
    Case(
        name="two answers of which neither is proven",
        origin="METHOD 1, direct: a certificate proves one false",
        document=measurement(
            queries=[query(addresses=(LIE,), resolver=RESOLVER), query()],
            handshakes=[handshake(failure="connection_reset")],
            requests=[],
            helper=control(tls={}),
            duplicates=[query(addresses=("203.0.113.9",), resolver=RESOLVER, t=0.3)],
        ),
        outcome="unreachable",
        mechanisms=("tls.reset",),
    ),
    Case(
        name="two answers of which the first is the right one",
        origin="refs/OONI 1.2",
        document=measurement(
            queries=[query(resolver=RESOLVER), query()],
            duplicates=[query(addresses=(LIE,), resolver=RESOLVER, t=0.3)],
        ),
        outcome="ok",
    ),
    Case(
        name="a false answer beside a site that was reached",
        origin="METHOD 2: mechanisms may be non-empty when the outcome is ok",
        document=measurement(
            queries=[query(addresses=(LIE,), resolver=RESOLVER), query()],
            duplicates=[query(resolver=RESOLVER, t=0.3)],
        ),
        outcome="ok",
        mechanisms=("dns.injection",),
        evidence="direct",
    ),
    Case(
        name="an address at which the helper meets another name's certificate",
        origin="METHOD 4: wrong by a positive sign; METHOD 1: the record holds the pair",
        document=measurement(
            queries=[query(addresses=(LIE,))],
            connects=[connect(LIE, txid=50003), connect(txid=50002)],
            handshakes=[handshake(LIE, failure="ssl_invalid_hostname", txid=50003), handshake(txid=50002)],
            requests=[],
            helper=control(
                endpoints={endpoint(LIE, 443): None, endpoint(SITE, 443): None},
                tls={endpoint(LIE, 443): "ssl_invalid_hostname", endpoint(SITE, 443): None},
            ),
        ),
        outcome="blocked",
        mechanisms=("dns.tamper.other",),
        evidence="controlled",
        scope="this_resolver",
    ),
    Case(
        name="a wrong address, and another resolver's that is not proven",
        origin="METHOD 1: the certificate makes the pair",
        document=measurement(
            queries=[query(addresses=("10.10.34.35",)), query(addresses=("203.0.113.9",), resolver=RESOLVER)],
            connects=[connect("10.10.34.35", failure="generic_timeout_error")],
            handshakes=[],
            requests=[],
        ),
        outcome="unreachable",
        mechanisms=("dns.tamper.bogon",),
    ),
    Case(
        name="a refusal in the clear, for the helper too",
        origin="METHOD 1: as it is elsewhere",
        document=plain(
            status=403, body="no", headers={}, helper=control(endpoints=AT80, tls={}, load=page("Forbidden", 9, 403))
        ),
        outcome="insufficient",
        reason="one_attempt",
    ),
    Case(
        name="a server error for everyone",
        origin="METHOD 1, down",
        document=plain(
            status=503, body="no", headers={}, helper=control(endpoints=AT80, tls={}, load=page("Down", 9, 502))
        ),
        outcome="down",
    ),
    *(
        Case(
            name=f"a server error in the clear, and for the helper {failure}",
            origin="METHOD 1, down: the same class of failure; silence at a single comparison point",
            document=plain(
                status=503, body="no", headers={}, helper=control(endpoints=AT80, tls={}, load=page(failure=failure))
            ),
            outcome="insufficient",
            reason="one_point",
        )
        for failure in ("generic_timeout_error", "connection_refused", "unknown_error")
    ),
    Case(
        name="failures of two kinds",
        origin="METHOD 1, down: the same class of failure",
        document=failing(
            "connection_reset",
            at="tls",
            helper=control(
                tls={endpoint(SITE, 443): "ssl_invalid_hostname"}, load=page(failure="ssl_invalid_hostname")
            ),
        ),
        outcome="insufficient",
        reason="one_point",
    ),
    Case(
        name="a resolver that fails for a name that does not exist",
        origin="METHOD 1, down: the same class of failure",
        document=measurement(
            queries=[query(addresses=(), failure="generic_timeout_error")],
            connects=[],
            handshakes=[],
            requests=[],
            helper=control((), "dns_nxdomain_error", {}, load=page(failure="dns_nxdomain_error")),
        ),
        outcome="insufficient",
        reason="one_point",
    ),
    Case(
        name="a helper without a name, and nothing looked up here",
        origin="refs/OONI 2.6",
        document=measurement(
            queries=[],
            connects=[connect(failure="generic_timeout_error")],
            handshakes=[],
            requests=[],
            helper=control((), "dns_nxdomain_error", {}, load=page(failure="dns_nxdomain_error")),
        ),
        outcome="insufficient",
        reason="one_point",
    ),
    Case(
        name="a name lookup that fails for everyone",
        origin="METHOD 1, down",
        document=measurement(
            queries=[query(addresses=(), failure="dns_servfail_error")],
            connects=[],
            handshakes=[],
            requests=[],
            helper=control((), "dns_servfail_error", {}, load=page(failure="dns_servfail_error")),
        ),
        outcome="down",
    ),
    Case(
        name="an address that fails here and connects for a helper whose load failed",
        origin="METHOD 1: the same address answered",
        document=failing("generic_timeout_error", at="connect", helper=control(tls={}, load=FAILED)),
        outcome="insufficient",
        reason="one_point",
    ),
    Case(
        name="a resolver that could not ask",
        origin="METHOD 1: a failure of this computer is no evidence",
        document=measurement(
            queries=[query(addresses=(), failure="network_down"), query(resolver=RESOLVER)],
            connects=[],
            handshakes=[],
            requests=[],
        ),
        outcome="insufficient",
        reason="network_lost",
    ),
    Case(
        name="a connection that this computer refused",
        origin="METHOD 1: a failure of this computer is no evidence",
        document=failing("permission_denied", at="connect"),
        outcome="insufficient",
        reason="network_lost",
    ),
    Case(
        name="no network at all",
        origin="METHOD 1, network_lost",
        document=measurement(
            queries=[query(addresses=(), failure="network_unreachable")],
            connects=[],
            handshakes=[],
            requests=[],
            control_failure="network_unreachable",
        ),
        outcome="insufficient",
        reason="network_lost",
    ),
    Case(
        name="a measurement without any attempt",
        origin="refs/OONI 2.6, x_status 16384",
        document=measurement(queries=[], connects=[], handshakes=[], requests=[]),
        outcome="insufficient",
        reason="no_rule",
    ),
    Case(
        name="a site whose helper said nothing",
        origin="METHOD 1, helper_silent",
        document=measurement(handshakes=[handshake(failure="connection_reset")], requests=[], helper={}),
        outcome="insufficient",
        reason="helper_silent",
    ),
    Case(
        name="a private address that serves the site itself to this network",
        origin="METHOD 4: an answer that serves the name gives access, whatever the address",
        document=split("10.1.2.3", BODY),
        outcome="ok",
    ),
    Case(
        name="a private address that serves something else",
        origin="METHOD 1: a record that holds the pair itself",
        document=split("10.1.2.3", "<title>Another page altogether</title>"),
        outcome="blocked",
        mechanisms=("dns.tamper.bogon",),
        evidence="controlled",
        scope="this_resolver",
    ),
    Case(
        name="an impossible address, and the site was reached by another resolver's",
        origin="METHOD 1: a DNS lie with a reachable site through another resolver",
        document=measurement(
            queries=[query(addresses=("10.10.34.35",)), query(resolver=RESOLVER)],
            connects=[connect("10.10.34.35", failure="generic_timeout_error"), connect(txid=50002)],
            handshakes=[handshake(txid=50002)],
            requests=[request(txid=50002)],
        ),
        outcome="blocked",
        mechanisms=("dns.tamper.bogon",),
        evidence="controlled",
        scope="this_resolver",
    ),
    Case(
        name="a network of IPv6 only, which translates to the site's IPv4 address",
        origin="RFC 6052 2.2, METHOD 6: NAT64 is innocent",
        document=split("fd00:64::c633:6407", "<title>Another page altogether</title>"),
        outcome="insufficient",
        reason="one_attempt",
    ),
    Case(
        name="another edge of the site's network, which has its certificate for nobody",
        origin="METHOD 4: an answer that serves the name gives access, whatever the address",
        document=split(
            "203.0.113.10",
            BODY,
            helper=control(
                endpoints={endpoint("203.0.113.10", 443): None, endpoint(SITE, 443): None},
                tls={endpoint("203.0.113.10", 443): "ssl_invalid_hostname", endpoint(SITE, 443): None},
            ),
        ),
        outcome="ok",
    ),
    Case(
        name="two answers to one question beside a plain page that is the helper's",
        origin="METHOD 2: mechanisms may be non-empty when the outcome is ok",
        document=twice(BODY, connect(LIE, 80, failure="generic_timeout_error")),
        outcome="ok",
        mechanisms=("dns.injection",),
        evidence="direct",
    ),
    Case(
        name="two answers to one question, the first of which nobody tried",
        origin="METHOD 4: an answer is unproven until a sign speaks against it",
        document=twice("<title>Another page altogether</title>"),
        outcome="insufficient",
        reason="one_attempt",
    ),
    Case(
        name="a name that exists for nobody, and an address known from notices",
        origin="own knowledge, unchecked: resolvers that answer so for every missing name, for advertisement",
        document=measurement(
            HTTP,
            queries=[query(addresses=(LIE,))],
            connects=[connect(LIE, 80)],
            requests=[request(HTTP, address=LIE, body="<title>Buy this domain now</title>")],
            helper=control((), "dns_nxdomain_error", {}, load=page(failure="dns_nxdomain_error")),
        ),
        knowledge=MARKS,
        outcome="down",
        mechanisms=("dns.tamper.other",),
    ),
    Case(
        name="the site that notices come from shows its own page",
        origin="METHOD 1, direct: a reply that the site did not send",
        document=at_home(request("http://notice.example/", body=NOTICE)),
        knowledge=MARKS,
        outcome="insufficient",
        reason="helper_silent",
    ),
    Case(
        name="the site that notices come from redirects within itself",
        origin="METHOD 1, direct: a reply that the site did not send",
        document=at_home(
            request("http://www.notice.example/", status=302, body="", location="http://notice.example/start"),
            request("http://notice.example/start", body="<title>Ministry of silence</title>", t=0.8),
        ),
        knowledge=MARKS,
        outcome="insufficient",
        reason="helper_silent",
    ),
    Case(
        name="a known notice under a stock title, and the site refuses the helper under the same",
        origin="refs/OONI 2.4: one title in common is agreement there",
        document=plain(
            f"<title>Access Denied</title>{NOTICE}",
            {},
            status=403,
            helper=control(endpoints=AT80, tls={}, load=page("Access Denied", 9_000, 403)),
        ),
        knowledge=MARKS,
        outcome="blocked",
        mechanisms=("http.blockpage",),
        evidence="direct",
        scope="plain_http",
    ),
    *(
        Case(
            name=f"another page over https, of test version {version}, which kept no handshakes",
            origin="METHOD 4: certificate first; clients before 0.4 may not have looked at it (own knowledge, unchecked)",
            document=measurement(
                requests=[request(HTTPS, body="<title>Something else</title>", headers={})], version=version
            ),
            outcome=outcome,
            reason=reason,
        )
        for version, outcome, reason in (
            ("0.4.3", "ok", None),
            ("0.3.0", "insufficient", "one_attempt"),
            ("0.1.0", "insufficient", "one_attempt"),
        )
    ),
    Case(
        name="a refusal in words of nobody knows whom, and the helper gets the page",
        origin="METHOD 1: fails here, works elsewhere, author unknown; a site's own firewall speaks so too",
        document=plain("<h1>Sorry</h1>access to this page is forbidden", {}, status=403),
        knowledge=MARKS,
        outcome="unreachable",
        evidence="comparison",
    ),
    Case(
        name="the same words under a status that refuses nothing",
        origin="METHOD 1, direct: a known block page; who refuses by himself says so in the status (RFC 9110 15.5)",
        document=plain("<h1>Sorry</h1>access to this page is forbidden", {}),
        knowledge=MARKS,
        outcome="blocked",
        mechanisms=("http.blockpage",),
        evidence="direct",
        scope="plain_http",
    ),
    Case(
        name="a stock page of another length",
        origin="refs/OONI 2.4: one title in common is agreement there",
        document=plain(
            "<title>404 Not Found</title>",
            {},
            status=404,
            helper=control(endpoints=AT80, tls={}, load=page("404 Not Found", 40_000, 404)),
        ),
        outcome="insufficient",
        reason="one_attempt",
    ),
    Case(
        name="a stock page that everybody gets",
        origin="METHOD 1, ok: it agrees with elsewhere",
        document=plain(
            "<title>404 Not Found</title>",
            {},
            status=404,
            helper=control(endpoints=AT80, tls={}, load=page("404 Not Found", 30, 404)),
        ),
        outcome="ok",
    ),
    Case(
        name="a site that redirects within itself to a path that marks know",
        origin="METHOD 1, direct: a reply that the site did not send",
        document=measurement(
            HTTP,
            requests=[
                request(HTTP, status=302, body="", location="/blocked-countries"),
                request(f"{HTTP}blocked-countries", body="<title>Not for this country</title>", t=0.8),
            ],
            helper=control(endpoints=AT80, tls={}),
        ),
        knowledge=Knowledge(fingerprints=(Fingerprint(id="xe.path", where="location", pattern="/blocked"),)),
        outcome="insufficient",
        reason="one_attempt",
    ),
    Case(
        name="a router of a known make that sends to its own page",
        origin="own knowledge, unchecked: embedded servers at home and in hotels",
        document=measurement(
            HTTP,
            requests=[
                request(HTTP, status=302, body="", headers={"Server": "Box"}, location="http://192.168.1.1/login.asp")
            ],
            helper=control(endpoints=AT80, tls={}),
        ),
        knowledge=Knowledge(
            fingerprints=(Fingerprint(id="xe.make", where="header.server", pattern="Box", kind="full", scope="inst"),)
        ),
        outcome="insufficient",
        mechanisms=("portal",),
        reason="captive_portal",
    ),
)

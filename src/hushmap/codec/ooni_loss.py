"""What becomes of each field of a record in an OONI file, and why: the documented loss (docs/reference/ooni.md).

Our own reader gets back all but where a record came from. A reader that knows only OONI's keys gets what those can
say, of the first round; the table tells what that leaves out. `project` is the same promise as code, written without
a look at the writer: read(write(record)) == project(record).
"""

from enum import StrEnum

import msgspec

from hushmap.model import Record


class Fate(StrEnum):
    """What a reader that knows only OONI's keys has of a field."""

    SAME = "same"
    PART = "part"
    OURS = "ours"
    """Nothing; it is under a key of ours."""
    GONE = "gone"
    """Nothing, and our own reader has nothing either."""


class Row(msgspec.Struct, frozen=True):
    """What becomes of one field."""

    field: str
    fate: Fate
    key: str
    """Where it stands in the file."""
    why: str = ""
    """What is different there, or why there is no key of OONI's."""


_GOES_ON = "\n" + 12 * " "


def _rows(fate: Fate, text: str) -> tuple[Row, ...]:
    """Rows of lines `field | key | why`; a line that is indented further goes on with the one before."""
    lines = text.replace(_GOES_ON, " ").strip().splitlines()
    cells = ([cell.strip() for cell in line.split("|")] for line in lines)
    return tuple(Row(field, fate, key, *why) for field, key, *why in cells)


OONI_LOSS: tuple[Row, ...] = (
    *_rows(
        Fate.GONE,
        """
        Record.source | - | where a record lay is told by who reads it: file and place of the line that was read
        """,
    ),
    *_rows(
        Fate.PART,
        """
        Record.experiment | test_name | `web` is written as `web_connectivity`; nothing else is written, since
            OONI has no such test, and a foreign record is OONI's already
        Record.trials | test_keys | the first round's own trials in OONI's arrays, a summary of the helper's in
            `control`; the rest would be counted as the probe's own
        Vantage.country | probe_cc | `ZZ` is unknown
        Vantage.asn | probe_asn | `AS0` is unknown
        Vantage.resolver | resolver_ip | left out where it is an address of the local network, which OONI's
            readers would map to another
        Vantage.resolver_asn | resolver_asn | `AS0` is unknown
        Context.helper | test_helpers.backend | its address; what it met is in `control`
        Trial.ask | queries, tcp_connect, tls_handshakes, requests | name, address, port, server name,
            URL, method and headers stand there; its limits and its layer do not
        Trial.steps | test_keys | `Exchange` has no array: OONI's web_connectivity sends no raw bytes
        Resolve.resolver | engine, resolver_address | `system` is `getaddrinfo`
        Resolve.answers | answers, x_dns_duplicate_responses | the first answer is the query's, each later one
            an entry of its own
        Resolve.t | t | the first answer's arrival; how long was listened for others is in `x_hushmap`
        Answer.record_ttl | answers[].ttl | the smallest, at every record
        Fetch.host | request.headers.Host
        Fetch.page | response | code 0 where none came
        Page.headers | response.headers | a value that the record does not have is written `[not kept]`
        Page.location | response.headers.Location
        Page.server | response.headers.Server
        Page.body | response.body | kept only where it may be a block notice; else empty and marked as
            truncated, so that no length is compared
        Page.truncated | response.body_is_truncated | true as well where the body was not kept
        """,
    ),
    *_rows(
        Fate.SAME,
        """
        Record.id | id
        Record.run | report_id | it is the run's id; no server of OONI's gave it
        Record.target | input
        Record.started | measurement_start_time
        Record.ended | test_runtime
        Record.run_started | test_start_time | times of steps are counted from `measurement_start_time`, as OONI's are
        Record.annotations | annotations
        Vantage.network | probe_network_name
        Software.name | software_name
        Software.version | software_version
        Trial.id | transaction_id
        Step.t0 | t0
        Step.t | t
        Step.failure | failure | names of df-007, below
        Resolve.name | hostname
        Resolve.qtype | query_type
        Answer.t | t
        Answer.rcode | rcode
        Answer.addresses | answers[].ipv4, answers[].ipv6
        Answer.cnames | answers[].hostname
        Answer.failure | failure
        Connect.address | ip
        Connect.port | port
        Handshake.address | address
        Handshake.port | address
        Handshake.sni | server_name
        Handshake.version | tls_version
        Handshake.cipher | cipher_suite | the TLS library's name of it
        Fetch.url | request.url
        Fetch.method | request.method
        Fetch.curve | network_events | one `bytes_received_cumulative` for each point
        Page.status | response.code
        Page.header_names | response.headers_list
        Page.body_length | response_length
        """,
    ),
    *_rows(
        Fate.OURS,
        """
        Record.v | x_hushmap.v | the schema number of what is ours
        Record.layer | x_hushmap.layer | only words have one
        Record.encoding | x_hushmap.encoding | only words have one
        Record.words | x_hushmap.words | only words have some
        Record.service | x_hushmap.service | only a service has one
        Record.platform | x_hushmap.platform | only searches and posts have one
        Record.post | x_hushmap.post | only a visit to a post has one
        Record.category | x_hushmap.category | OONI keeps categories in its lists
        Record.canary | x_hushmap.canary | the verb leaves canaries out: they show that blocking can be seen,
            and measure nothing
        Vantage.kind | x_hushmap.vantage | `network_type` of OONI's annotations knows only wifi and mobile
        Vantage.locality | x_hushmap.vantage | OONI gave `probe_city` up
        Vantage.known | x_hushmap.vantage | OONI looks everything up
        Software.python | x_hushmap.software | no key
        Software.tls | x_hushmap.software | no key
        Record.context | x_hushmap.context | facts of the run; OONI's measurements stand alone
        Trial.role | x_hushmap_trials | OONI's arrays have no roles: whatever stands there counts as the probe's own
        Trial.side | x_hushmap_trials | as above
        Trial.round | x_hushmap_trials | OONI measures once
        Trial.causes | x_hushmap_trials | no key
        Trial.pair | x_hushmap_trials | OONI has no pairs
        Trial.changed | x_hushmap_trials | as above
        Trial.bystander | x_hushmap_trials | as above
        Trial.cooling | x_hushmap_trials | as above
        Trial.alone | x_hushmap_trials | no key
        Trial.not_before | x_hushmap_trials | no key
        Trial.undone | x_hushmap_trials | what was not done is no entry
        Trial.in_flight | x_hushmap_trials | no key
        Trial.t0 | x_hushmap_trials | OONI times steps
        Trial.t | x_hushmap_trials | as above
        Step.detail | x_hushmap | df-007 has a name or `unknown_failure`
        Resolve.sent | x_hushmap | OONI's probe sends once
        Answer.ttl | x_hushmap | the packet's, which OONI's probe does not see
        Answer.alpn | x_hushmap | web_connectivity asks for no HTTPS records
        Answer.hints | x_hushmap | web_connectivity asks for no HTTPS records
        Answer.ech | x_hushmap | web_connectivity asks for no HTTPS records
        Answer.flags | x_hushmap | OONI has them in `raw_response`, which we do not keep
        Handshake.transport | x_hushmap | trials in datagrams stay out of the arrays
        Handshake.alpn | x_hushmap | OONI's `negotiated_protocol` is of steps that web_connectivity does not show
        Fetch.protocol | x_hushmap | no key
        Handshake.alert | x_hushmap | no key
        Handshake.spoke | x_hushmap | no key
        Handshake.chain | x_hushmap | `peer_certificates` holds certificates, we keep what they say and their hashes
        Handshake.valid | x_hushmap | OONI has it as the handshake's failure
        Handshake.valid_system | x_hushmap | no key
        Page.title | x_hushmap | OONI's readers look for it in the body; the helper's is in `control`
        Page.body_sha256 | x_hushmap | no key
        Page.sketch | x_hushmap | no key
        Page.signs | x_hushmap | only pages of a platform have some
        Page.listing | x_hushmap | only a page of search results has one
        Exchange.address | x_hushmap_trials | no array
        Exchange.port | x_hushmap_trials | no array
        Exchange.received | x_hushmap_trials | no array
        Exchange.protocol | x_hushmap_trials | no array
        Exchange.transport | x_hushmap_trials | no array
        Hop.address | x_hushmap_trials | OONI counts no hops
        Hop.port | x_hushmap_trials | OONI counts no hops
        Hop.ttl | x_hushmap_trials | OONI counts no hops
        Hop.transport | x_hushmap_trials | OONI counts no hops
        Hop.router | x_hushmap_trials | OONI counts no hops
        Hop.icmp | x_hushmap_trials | OONI counts no hops
        Hop.reached | x_hushmap_trials | OONI counts no hops
        Hop.received | x_hushmap_trials | OONI counts no hops
        Hop.source_port | x_hushmap_trials | OONI counts no hops
        """,
    ),
)  # fmt: skip
"""Of every field what becomes of it. Fields that all steps share stand under `Step`; `Context` and `Certificate` are
carried whole."""


OONI_KEYS: tuple[tuple[str, str], ...] = (
    ("queries", "lookups of the first round, at the system's resolver and at every other that was asked"),
    ("x_dns_duplicate_responses", "their late and double answers"),
    ("tcp_connect", "connections of the first round"),
    ("tls_handshakes", "handshakes of the first round"),
    ("requests", "page loads of the first round, the newest first"),
    ("network_events", "how the bytes of these page loads arrived"),
    (
        "control",
        "a summary of what the helper met in the first round; null without one, and `control_failure` says why",
    ),
    (
        "blocking, accessible and the verdict's other keys",
        "always null: a record holds observations, never a verdict",
    ),
    ("x_hushmap", "what the keys beside it lack of the record, or, in an entry, of the step"),
    ("x_hushmap_trials", "every trial in its order, and where its steps stand; steps that stand nowhere else whole"),
)
"""Which array holds what."""

OONI_LEFT_OUT: tuple[tuple[str, str], ...] = (
    ("pairs and repeats", "the same site again, or another one in its place: OONI's readers would count both"),
    ("baselines, canaries, sentinels", "other sites than the measured one"),
    ("void trials", "they count nowhere"),
    ("trials that were not done", "nothing happened"),
    (
        "a lookup at an address of ours without a resolver",
        "silence is what should come there, and would count as a failure of DNS",
    ),
    (
        "a look at a suspected notice over plain HTTP",
        "no client would have made it, and OONI's readers take the newest page for the site's",
    ),
)
"""Trials from here that no array of OONI's holds."""


def project(record: Record) -> Record:
    """`record` as it reads back from an OONI file, but for the file's name and the place in it."""
    return msgspec.structs.replace(record, source=None)

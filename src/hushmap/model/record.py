"""All trials of one target in one run, with what a verdict needs to know of that run.

A record holds observations, never opinions: a verdict is f(record, rules, knowledge) and can be computed again for
any record ever taken. `context` is frozen when the record is sealed; what is learned later (a void) is appended to
the file as an `Amend` line, and readers get the amended record.
"""

import msgspec

from hushmap.model.platform import Platform
from hushmap.model.post import Post
from hushmap.model.service import Service
from hushmap.model.trial import Trial
from hushmap.model.word import Calibration

SCHEMA = 1
"""Schema number of a record line. Old numbers are read for ever (DESIGN, Records at rest)."""


class Vantage(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """Where a run was carried out, as far as it is known and how it is known."""

    country: str | None = None
    """ISO 3166 alpha-2, or the user-assigned XA to XZ in the lab."""
    asn: int | None = None
    network: str | None = None
    kind: str | None = None
    """home, mobile, office, server ..."""
    locality: str | None = None
    resolver: str | None = None
    resolver_asn: int | None = None
    known: dict[str, str] = msgspec.field(default_factory=dict)
    """For each field above that is set: `declared` or `looked_up`. A field without a value is unknown."""


class Software(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What made the record."""

    name: str = "hushmap"
    version: str = ""
    python: str = ""
    tls: str = ""
    """The TLS library and its version: truth is per client configuration (METHOD 3)."""


class Void(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A trial that is kept and never counted."""

    trial: int
    reason: str
    """`residual`, `network_lost`, `helper_lost` ..."""


class HelperWatch(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One check that the helper is itself online: it was asked to reach a harmless name."""

    t: float
    reached: bool


class Context(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """The run's facts that a verdict needs."""

    f0: float = 0.05
    """The false-failure rate that the sequential test assumes: max(0.05, upper 95 % limit of this run's own)."""
    baseline_failures: int = 0
    baselines: int = 0
    """Counts behind f0: bracketed baselines that failed, and all."""
    alpha: float = 0.01
    """Error budget of the whole run."""
    targets: int = 1
    """Among how many targets alpha is shared."""
    scale: float = 1.0
    """Divides every waiting time of METHOD 3; 1 everywhere but in a lab."""
    baseline_names: tuple[str, ...] = ()
    dark: str | None = None
    """A resolver URL at an address of ours that runs no resolver: whoever answers is not it."""
    helper: str | None = None
    """The helper's address; `None`: there was none."""
    echo: bool = True
    """Whether our own echo answers there; not at a server of one's own that is only named for words."""
    helper_watch: tuple[HelperWatch, ...] = ()
    sentinels: tuple[int, int] = (0, 0)
    """Sentinel rounds: all, and those that failed."""
    canaries: dict[str, bool] = msgspec.field(default_factory=dict)
    """Per layer of the deck's canaries: whether one fired."""
    calibrations: dict[str, Calibration] = msgspec.field(default_factory=dict)
    """Per place of words (and encoding, `PLACE/ENCODING`): what planted words showed."""
    intercepted: bool = False
    """Baseline names too are answered with a certificate that does not hold: a proxy, not a censor of the target."""
    portal: bool = False
    """The plain-HTTP echo did not come back as sent: a captive portal."""
    ipv6: bool = False
    clock_offset: float | None = None
    """Seconds to add to this computer's clock; `None`: unknown."""
    prefixes: tuple[tuple[str, int], ...] = ()
    """Prefixes and their AS numbers, as a table had them that day, of the addresses and routers of this record."""
    voids: tuple[Void, ...] = ()
    budget_spent: bool = False
    """The run's own limits, not the evidence, ended the inquiry."""


class Claim(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """What the maker of a foreign record concluded (OONI spec ts-017): shown beside our verdict, never its ground."""

    blocking: str | bool | None = None
    """`dns`, `tcp_ip`, `http-failure`, `http-diff`, False, or None: not decided."""
    accessible: bool | None = None


class Source(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """Where a record that is not ours came from; the original line stays where it is."""

    file: str
    offset: int
    """Of the line's first byte, after decompression."""
    uid: str
    """The maker's own id of the measurement; empty where it gave none."""
    sha256: str = ""
    """Hex digest of the original line, without its newline; empty where it was read only to be judged."""
    claim: Claim | None = None


class Record(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True, tag_field="kind", tag="record"):
    """One line of records.jsonl."""

    v: int = SCHEMA
    id: str
    """`RUN-INDEX`, unique for ever."""
    run: str
    experiment: str
    target: str
    """A URL, a name, a word, a service, or a kind of request."""
    layer: str | None = None
    """For a word: the place in which it was sent (`Place`)."""
    encoding: str | None = None
    """How the word was written; `None`: the place's own way."""
    words: tuple[str, ...] = ()
    """Words that were asked about together."""
    service: Service | None = None
    """The service as it was asked about."""
    post: Post | None = None
    """The post as it was asked about."""
    platform: Platform | None = None
    """The platform as it was searched."""
    category: str | None = None
    canary: bool = False
    started: str
    """UTC, `YYYY-MM-DDTHH:MM:SSZ`; the zero of the first trial's own clock is the run's start."""
    ended: str
    run_started: str
    """UTC of t = 0 of every step."""
    vantage: Vantage = msgspec.field(default_factory=Vantage)
    software: Software = msgspec.field(default_factory=Software)
    context: Context = msgspec.field(default_factory=Context)
    annotations: dict[str, str] = msgspec.field(default_factory=dict)
    trials: tuple[Trial, ...] = ()
    source: Source | None = None

    @property
    def personal(self) -> bool:
        """Whether it tells of what a person may have posted: of that only sums are passed on (METHOD 5)."""
        known = self.post is not None and self.post.public_body
        return (self.post is not None or self.experiment == "watch") and not known

    @property
    def voided(self) -> frozenset[int]:
        """Ids of trials that must not be counted."""
        return frozenset(void.trial for void in self.context.voids)

    @property
    def counted(self) -> tuple[Trial, ...]:
        """The trials that may be evidence: carried out, and not void."""
        voided = self.voided
        return tuple(trial for trial in self.trials if trial.undone is None and trial.id not in voided)


class Amend(msgspec.Struct, frozen=True, gc=False, kw_only=True, tag_field="kind", tag="amend"):
    """A later line of records.jsonl: trials of `record` found void after it was sealed."""

    v: int = SCHEMA
    record: str
    voids: tuple[Void, ...]


def amended(record: Record, amends: tuple[Amend, ...]) -> Record:
    """`record` with the voids of every amend that names it."""
    more = tuple(void for amend in amends if amend.record == record.id for void in amend.voids)
    if not more:
        return record
    context = msgspec.structs.replace(record.context, voids=record.context.voids + more)
    return msgspec.structs.replace(record, context=context)

"""All that a site says, as values: what was measured where and when, what was found, and what changed.

Everything here is f(tables), by `reading`; pages, charts, files and the explorer are f(book). A book holds no opinion
of its own: groups, labels and sentences come from `detect`, incidents from `analysis`. What was not measured is not
there: a cell that is missing is a gap, and never a zero.
"""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from hushmap.analysis import Incident, Silence
from hushmap.model import Software

Key = tuple[str, str]
"""(id of a target, id of a network)."""


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """One network: the same AS number and country; without a number its name; without either, one run."""

    id: str
    """For addresses of pages: `as64501-xe`."""
    asn: int | None
    country: str
    name: str
    """As it calls itself; empty where that is not known."""
    kinds: tuple[str, ...]
    resolvers: tuple[str, ...]
    first: datetime
    last: datetime
    runs: int
    measurements: int


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was asked about."""

    id: str
    """For addresses of pages: made of the host or word, and a short hash where that is not enough."""
    target: str
    experiment: str
    domain: str
    category: str
    """Citizen Lab code; empty where the list has none."""
    place: str
    """Of a word: where in the traffic it was sent."""
    encoding: str
    part: str
    """`sites`, `words` or `checks`: they are never counted together (UX 3)."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """Measurements of one target on one network, in the whole time or on one day, in one word."""

    group: str
    """The most telling count group that was seen (`detect.Group`, `WordGroup`); so no block is averaged away."""
    k: int
    """Of n measurements that decided anything so many showed it; 0 where none decided."""
    n: int
    undecided: int
    direct: bool
    """Whether a false reply was itself seen."""
    mechanism: str
    """The leading mechanism of the newest that shows `group`; empty where there is none."""
    label: str
    """The label of the newest that shows `group`, in English, as `detect.say` gives it."""
    first: datetime
    """Start of the first measurement that shows `group`."""
    last: datetime
    """Start of the last one."""
    record: str
    """Id of the last one."""
    mechanisms: tuple[str, ...] = ()
    """Every leading mechanism among those that show `group`, the most frequent first; empty where some have none."""
    twins: tuple[int, int] = (0, 0)
    """(worked, of so many): harmless twins in those that show `group`."""
    failed: int = 0
    """Of the n so many did not work, whatever they were judged: k tells of one judgement only."""


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """In how many bursts of a network something was found (`analysis.rates`)."""

    network: str
    """Id of the network."""
    experiment: str
    found: str
    """The count group that the experiment looks for."""
    k: float
    n: int
    share: float | None
    """None where there are too few bursts to say."""
    low: float | None
    """Its 95 % interval."""
    high: float | None
    left_out: int
    """Measurements that decided nothing of the network."""


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """One trigger on one network, from the newest run that found it (columns of the table `triggers`)."""

    id: str
    network: str
    """Id of the network."""
    fields: Mapping[str, object]
    """The row, by column."""


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What was changed in a site that had been published, and when."""

    version: int
    day: date
    text: str


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What the makers say of the site, and what a checker needs to make it again."""

    title: str
    lang: str = "en"
    contact: str = ""
    """How to reach those who publish it; empty: they do not say."""
    licence: str = ""
    """Of data and text; empty: they do not say."""
    software: Software = msgspec.field(default_factory=Software)
    rules: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    again: str = ""
    """The command that makes the site again, without the folders of its makers: it is shown as it is."""
    lab: bool = False
    """Data and networks are the lab's."""
    published: bool = False
    """Every PATH was a published copy."""
    version: int = 1
    corrections: tuple[Correction, ...] = ()
    notes: tuple[str, ...] = ()
    """What could not be read, what was left out: shown under the coverage."""
    precision: str | None = None
    """To what times were rounded down, as manifests say: `exact`, `hour`, `day`; `None` where no manifest does."""
    as_recorded: bool = False
    """Whether the makers want shown what a published copy would not have."""


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """A site's content."""

    about: About
    first: datetime | None
    """Start of the first and of the last measurement; none where nothing was measured."""
    last: datetime | None
    networks: tuple[Network, ...]
    """By country, then number or name."""
    targets: tuple[Target, ...]
    """Most blocked first."""
    cells: Mapping[Key, Cell]
    """Of the whole time."""
    days: Mapping[Key, Mapping[date, Cell]]
    """The same by UTC day; a day that is missing was not measured."""
    measured: Mapping[tuple[str, date], int]
    """(id of a network, UTC day) -> measurements; the coverage."""
    incidents: tuple[Incident, ...] = ()
    silences: tuple[Silence, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    shares: tuple[Share, ...] = ()
    """By network and experiment."""
    precision: str | None = None
    """As `About.precision`; from the ids of runs where no manifest tells, then also `either`: hours or days."""

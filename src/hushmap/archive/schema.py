"""The four tables of an archive: their columns with type, unit and meaning, from which the reference page is made.

Absent is null, never zero: what was not measured was not measured. Every table begins with the same three columns, so
that any two can be joined. A column is only ever added, and a change of what one means is a new number `SCHEMA`.
"""

import msgspec
import pyarrow as pa

SCHEMA = 1
"""Number of archive.json. Older ones are read for ever, newer ones refused."""

_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "day": pa.date32(),
    "time": pa.timestamp("us", tz="UTC"),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
}
"""Few kinds, so that every engine has each of them."""


class Column(msgspec.Struct, frozen=True):
    """One column of a table."""

    name: str
    kind: str
    """One of `_TYPES`."""
    unit: str
    """What one of it is; empty where that is nothing but text."""
    what: str

    @property
    def type(self) -> pa.DataType:
        """Its type in Arrow."""
        return _TYPES[self.kind]


def _columns(*rows: tuple[str, str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


KEYS = _columns(
    ("day", "day", "UTC day", "The day on which it began; tables are cut by it"),
    ("record", "text", "", "Id of the record, unique for ever"),
    ("run", "text", "", "The run; of OONI's measurements their report"),
)
"""The columns that every table begins with."""

_ASKED = _columns(
    ("experiment", "text", "", "The test, by the name that its maker gives it"),
    ("target", "text", "", "What was asked about: a URL, a name, a word, a service, a kind of request"),
    ("domain", "text", "", "The host that the target names, without a port; null for services and words"),
    ("category", "text", "Citizen Lab code", "What the list says that the target is about"),
    ("place", "text", "", "For a word: where in the traffic it was sent"),
    ("encoding", "text", "", "For a word: how it was written; null is the place's own way"),
    ("started", "time", "UTC", "When the record began"),
)
_LINE = _columns(
    ("country", "text", "ISO 3166 alpha-2", "The country of the line"),
    ("asn", "int64", "AS number", "The network of the line"),
)
_SESSION = (
    "Which line it was, as far as that is known: equal where AS number, resolver and kind of network are equal; what "
    "is less than 10 minutes apart in one is one tester's burst"
)

RECORDS = (
    *KEYS,
    *_columns(
        ("source", "text", "", "Where it stands: FILE:LINE"),
        ("source_sha256", "text", "hex", "SHA-256 of the maker's own line, where it was read with it"),
    ),
    *_ASKED,
    *_LINE,
    *_columns(
        ("network", "text", "", "The network's name"),
        ("vantage_kind", "text", "", "home, mobile, office, server ..."),
        ("vantage_known", "text", "", "How the line is known: declared, looked_up, unknown"),
        ("resolver", "text", "", "The resolver of the line"),
        ("resolver_asn", "int64", "AS number", "The network of that resolver"),
        ("label", "text", "", "What ties the runs of a group together (`run --label`)"),
        ("deck", "text", "", "The deck of the run"),
        ("software", "text", "", "What made the record"),
        ("software_version", "text", "", "Its version"),
        ("trials", "int32", "trials", "Attempts in it, also those that were not carried out"),
        ("voids", "int32", "trials", "Of these found void later: kept, and never counted"),
        ("session", "text", "", _SESSION),
    ),
)

STEPS = (
    *KEYS,
    *_columns(
        ("trial", "int64", "", "Id of the trial, unique within the run"),
        ("side", "text", "", "From where: here, helper, peer"),
        ("role", "text", "", "Why: subject, baseline, canary, sentinel"),
        ("round", "int32", "", "0 is what any client would do; pairs and repeats come later"),
        ("pair", "int32", "", "Trials of one bracketed pair share it"),
        ("changed", "text", "", "The one thing in which the two of a pair differ"),
        ("step", "text", "", "resolve, connect, handshake, fetch, exchange, hop; null: the trial has no step"),
        ("n", "int16", "", "Place in the trial, from 0"),
        ("t0", "float64", "s since the run began", "When the step began"),
        ("t", "float64", "s since the run began", "When it ended"),
        ("failure", "text", "", "How it failed; null: it did not"),
        ("address", "text", "", "The address that was spoken to"),
        ("port", "int32", "", "Its port"),
        ("name", "text", "", "The name or URL that was asked for"),
        ("resolver", "text", "", "Who was asked for the name"),
        ("answers", "texts", "", "The addresses of the first answer, as text"),
        ("status", "int32", "HTTP status", "What the page came with"),
        ("body_sha256", "text", "hex", "SHA-256 of the masked body"),
        ("title", "text", "", "Title of the page"),
        ("undone", "text", "", "Why the trial was not carried out; it is never evidence"),
        ("void", "bool", "", "The trial was found void: it is never counted"),
    ),
)

VERDICTS = (
    *KEYS,
    *_ASKED,
    *_LINE,
    *_columns(
        ("network", "text", "", "The network's name"),
        ("vantage_kind", "text", "", "home, mobile, office, server ..."),
        ("resolver", "text", "", "The resolver of the line"),
        ("resolver_asn", "int64", "AS number", "The network of that resolver"),
        ("label", "text", "", "What ties the runs of a group together (`run --label`)"),
        ("deck", "text", "", "The deck of the run"),
        ("outcome", "text", "", "ok, blocked, unreachable, degraded, down, server_side, insufficient"),
        ("verdict_label", "text", "", "The few words that lists show, in English"),
        ("group", "text", "", "In which of the few groups it is counted; of a pack of words, its own"),
        ("evidence", "text", "", "direct, controlled, comparison, none"),
        ("scope", "text", "", "What of the target is affected"),
        ("reason", "text", "", "Why nothing could be decided"),
        (
            "mechanisms",
            "texts",
            "",
            "LAYER.ACTION[.TRIGGER], the leading one first; also beside ok",
        ),
        ("rule", "text", "", "The rule that matched"),
        ("rules", "text", "", "Version of the rules"),
        ("knowledge", "text", "", "Hash of the fingerprints and networks that were known"),
        ("error_bound", "float64", "probability", "Of the sequential test; null: there was none"),
        ("subject_failures", "int32", "trials", "Failures of what was asked"),
        ("subject_n", "int32", "trials", "Of so many"),
        ("baseline_failures", "int32", "trials", "Failures of harmless twins"),
        ("baseline_n", "int32", "trials", "Of so many"),
        ("helper_failures", "int32", "trials", "Failures of the helper elsewhere"),
        ("helper_n", "int32", "trials", "Of so many"),
        ("peer_failures", "int32", "trials", "Failures at other vantages"),
        ("peer_n", "int32", "trials", "Of so many"),
        ("canary", "bool", "", "It is a canary: known to be blocked, asked to prove that blocking can be seen"),
        ("session", "text", "", _SESSION),
    ),
)

TRIGGERS = (
    *KEYS,
    *_columns(
        ("experiment", "text", "", "The test"),
        ("trigger", "text", "", "A + B in any order, A > B in this one, - C where C lifts it"),
        ("kind", "text", "", "word, and, domain, classifier"),
        ("pattern", "text", "", "Of a name: exact, suffix, substring ..."),
        ("place", "text", "", "Where in the traffic"),
        ("encoding", "text", "", "How it was written"),
        ("direction", "text", "", "Which way it travelled"),
        ("mechanism", "text", "", "How it was acted upon"),
        ("hits", "int32", "attempts", "Cut off with the trigger alone"),
        ("attempts", "int32", "attempts", "Of so many"),
        ("harmless_hits", "int32", "attempts", "Cut off with harmless text of the same length"),
        ("harmless_attempts", "int32", "attempts", "Of so many"),
        ("error_bound", "float64", "probability", "Of the sequential test; null: there was none"),
        *((column.name, column.kind, column.unit, column.what) for column in _LINE),
        ("network", "text", "", "The network's name"),
        ("toward", "text", "", "own helper or address, never which"),
        ("frame", "text", "", "From what it was sampled: what was not asked is not in the table"),
        ("first_seen", "text", "UTC", "First attempt that it cut off, `YYYY-MM-DDTHH:MM:SSZ`"),
        ("last_seen", "text", "UTC", "Last attempt that it cut off"),
    ),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "records": RECORDS,
    "steps": STEPS,
    "verdicts": VERDICTS,
    "triggers": TRIGGERS,
}
"""The tables, and the order of their columns."""

_ARROW = {name: pa.schema([(column.name, column.type) for column in columns]) for name, columns in TABLES.items()}


def arrow_schema(table: str) -> pa.Schema:
    """The columns of a table as Arrow has them.

    Raises:
        KeyError: There is no such table.
    """
    return _ARROW[table]

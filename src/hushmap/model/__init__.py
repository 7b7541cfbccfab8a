"""FLOOR 0: the nouns of Hushmap, as frozen values. Every room may import them; they import nothing of ours.

failure    how a step ended            ask      what one attempt asks
step       one network act             trial    an attempt, and what came of it
record     all trials of one target    verdict  what a record shows
deck       a question and its targets  service  what a service is
knowledge  what judging knows beside the record    word    what is asked about words
peer       what another vantage saw of the same    campaign what officials announced and claim
platform   how a platform is read                  post     a post that is watched
selectors  what of a page is meant

Values that are made by the million are declared `gc=False`: frozen, and made of their own parts, they cannot be part
of a cycle, so the collector need not look at them (up to 40 % of the time of judging a large file).
expressions  the regular expressions that a fingerprint may hold    address  what an IP address is
"""

from hushmap.model.address import DOCUMENTATION, is_address, is_bogon, is_public, is_surely_public
from hushmap.model.ask import SYSTEM_RESOLVER, Ask, Layer, Transport
from hushmap.model.campaign import Campaign, Claimed, Dated, Document, Locality, Precision
from hushmap.model.campaign import Kind as EventKind
from hushmap.model.deck import CATEGORIES, NAMED, RISKY, Deck, Oddity, Part, Target
from hushmap.model.expressions import REACH, Expression, compiled, expression
from hushmap.model.failure import CERTIFICATE, CUT, LOCAL, Failure, certificate_holds
from hushmap.model.knowledge import Fingerprint, Knowledge
from hushmap.model.peer import PeerView, Visit
from hushmap.model.platform import NOTHING, Extract, Extraction, Notice, Platform, PostPage, Search, Section, Sign
from hushmap.model.post import Post
from hushmap.model.record import (
    SCHEMA,
    Amend,
    Claim,
    Context,
    HelperWatch,
    Record,
    Software,
    Source,
    Vantage,
    Void,
    amended,
)
from hushmap.model.selectors import Compound, selector
from hushmap.model.service import WEB, Endpoint, Group, Live, Service
from hushmap.model.step import (
    Answer,
    Certificate,
    Connect,
    Exchange,
    Fetch,
    Handshake,
    Hop,
    Listing,
    Page,
    Resolve,
    Step,
)
from hushmap.model.trial import IDS_PER_TARGET, Attempt, Role, Side, Trial, trial_of
from hushmap.model.verdict import (
    MECHANISMS,
    TRIGGERS,
    Counts,
    Evidence,
    Extent,
    Outcome,
    Reason,
    Scope,
    Verdict,
    Where,
    mechanism_known,
)
from hushmap.model.word import Calibration, Direction, Encoding, Place, Rates, Residual, Trigger, place_key

__all__ = [
    "CATEGORIES",
    "CERTIFICATE",
    "CUT",
    "DOCUMENTATION",
    "IDS_PER_TARGET",
    "LOCAL",
    "MECHANISMS",
    "NAMED",
    "NOTHING",
    "REACH",
    "RISKY",
    "SCHEMA",
    "SYSTEM_RESOLVER",
    "TRIGGERS",
    "WEB",
    "Amend",
    "Answer",
    "Ask",
    "Attempt",
    "Calibration",
    "Campaign",
    "Certificate",
    "Claim",
    "Claimed",
    "Compound",
    "Connect",
    "Context",
    "Counts",
    "Dated",
    "Deck",
    "Direction",
    "Document",
    "Encoding",
    "Endpoint",
    "EventKind",
    "Evidence",
    "Exchange",
    "Expression",
    "Extent",
    "Extract",
    "Extraction",
    "Failure",
    "Fetch",
    "Fingerprint",
    "Group",
    "Handshake",
    "HelperWatch",
    "Hop",
    "Knowledge",
    "Layer",
    "Listing",
    "Live",
    "Locality",
    "Notice",
    "Oddity",
    "Outcome",
    "Page",
    "Part",
    "PeerView",
    "Place",
    "Platform",
    "Post",
    "PostPage",
    "Precision",
    "Rates",
    "Reason",
    "Record",
    "Residual",
    "Resolve",
    "Role",
    "Scope",
    "Search",
    "Section",
    "Service",
    "Side",
    "Sign",
    "Software",
    "Source",
    "Step",
    "Target",
    "Transport",
    "Trial",
    "Trigger",
    "Vantage",
    "Verdict",
    "Visit",
    "Void",
    "Where",
    "amended",
    "certificate_holds",
    "compiled",
    "expression",
    "is_address",
    "is_bogon",
    "is_public",
    "is_surely_public",
    "mechanism_known",
    "place_key",
    "selector",
    "trial_of",
]

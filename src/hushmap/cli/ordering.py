"""All that a run is told, as the runner's one value, and the manifest that keeps it.

A resumed run is made from its manifest, so that it puts the same questions in the same order to the same resolvers.
"""

import platform
from collections.abc import Iterable
from typing import Any

import msgspec

from hushmap import __version__
from hushmap.catalog import NONE
from hushmap.cli.choosing import Chosen
from hushmap.cli.fault import Fault
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import Wishes
from hushmap.cli.place import Place
from hushmap.cli.wordlists import OF_WORDS
from hushmap.model import Part, Software, is_address
from hushmap.net import TLS_LIBRARY, OoniSpec, has_browser_hello
from hushmap.runner import HelperPlace, Limits, Rates, RunPlan, ordered
from hushmap.runs import Manifest, PartRef

LABEL = "label"
"""Annotation that ties the runs of a group together (UX 6)."""
DECK = "deck"
"""Annotation with the deck's name and the hash of its bytes: runs of the same question can be put together."""
FRAME = "frame"
"""Annotation with the lists or texts that words came from."""
ONLY_ADDRESS = "only_address"
"""The manifest's option that says that words went to an address of the person's own, with no helper there."""
OWN_VANTAGE = "own_vantage"
"""That which says that the deck means its platforms to be asked from their own country, too."""
UNKNOWN_HELPER = "0.0.0.0"  # noqa: S104 (nothing is bound or sent)
"""Stands in a plan for the address of a helper that has a name: it is looked up after the consent."""


def software() -> Software:
    """What makes the records."""
    return Software(version=__version__, python=platform.python_version(), tls=TLS_LIBRARY)


def helper_place(place: Place, address: str | None = None) -> HelperPlace | None:
    """Where the helper is; `address` is where its host name was found, if it has one."""
    spec = place.helper
    if place.address is not None:
        own, port = place.address
        return HelperPlace(address=own, http=port, tls=port, tcp=port, only_address=True)
    if spec is None:
        return None
    if isinstance(spec, OoniSpec):
        return HelperPlace(url=spec.url)
    known = spec.host if is_address(spec.host) else UNKNOWN_HELPER
    return HelperPlace(address=address or known, span=spec.span, dark=spec.dark, **spec.echoes)


def pace(helper: HelperPlace | None) -> Rates:
    """The rates of a run: many asks of a helper of OONI's kind may wait, to be gathered into its few requests."""
    return Rates() if helper is None or helper.url is None else Rates(helper=Rates().in_flight)


def order(
    chosen: Chosen, place: Place, wishes: Wishes, *, run: str = "", seed: int = 0, helper: str | None = None
) -> RunPlan:
    """The run as it will be carried out; `helper` is its address where only its name was given."""
    deck = chosen.deck
    annotations = {DECK: f"{deck.name} sha256:{deck.sha256}"} | ({LABEL: wishes.label} if wishes.label else {})
    annotations |= _frame(chosen.sources)
    given = helper_place(place, helper)
    told = RunPlan(
        run=run,
        deck=deck.name,
        targets=ordered(chosen.on, seed),
        off=chosen.off,
        baselines=deck.baselines,
        resolvers=place.resolvers,
        comparison_resolvers=place.other_resolvers,
        helper=given,
        vantage=place.vantage,
        software=software(),
        knowledge=knowledge(),
        annotations=annotations,
        limits=Limits() if wishes.max_data is None else Limits(max_bytes=wishes.max_data),
        rates=pace(given),
        ipv6=place.host.ipv6,
        browser=has_browser_hello(),
        mmdb=place.mmdb,
        scale=place.scale,
        seed=seed,
    )
    return told if not deck.baseline_word else msgspec.structs.replace(told, baseline_word=deck.baseline_word)


def _frame(parts: Iterable[Part | PartRef]) -> dict[str, str]:
    """From what words were sampled: a trigger that was not asked for cannot be found."""
    lists = [f"{one.list} sha256:{one.sha256}" for one in parts if one.experiment in OF_WORDS - {"calibrate"}]
    return {FRAME: "; ".join(lists)} if lists else {}


def manifest_of(plan: RunPlan, chosen: Chosen, started: str, consent: str, **options: str | float | None) -> Manifest:
    """What the run set out to do."""
    off: dict[str, int] = {}
    for target in plan.off:
        off[target.category or NONE] = off.get(target.category or NONE, 0) + 1
    return Manifest(
        run=plan.run,
        started=started,
        deck=plan.deck,
        deck_sha256=chosen.deck.sha256,
        parts=tuple(PartRef(experiment=one.experiment, list=one.list, sha256=one.sha256) for one in chosen.sources),
        seed=plan.seed,
        targets=plan.targets,
        off=off,
        baselines=plan.baselines,
        baseline_word=plan.baseline_word,
        resolvers=plan.resolvers,
        comparison_resolvers=plan.comparison_resolvers,
        software=plan.software,
        vantage=plan.vantage,
        consent=consent,
        knowledge=plan.knowledge.sha256,
        alpha=plan.alpha,
        scale=plan.scale,
        limits=msgspec.to_builtins(plan.limits),
        helper=_where(plan.helper),
        label=plan.annotations.get(LABEL, ""),
        options={"ipv6": plan.ipv6, **_able(plan), **_echoes(plan.helper), **_signed(chosen), **options},
    )


def _signed(chosen: Chosen) -> dict[str, bool]:
    """Whether platforms may be asked from their own country, too: a resumed run asks again."""
    return {OWN_VANTAGE: True} if chosen.deck.own_vantage else {}


def _where(helper: HelperPlace | None) -> str | None:
    return None if helper is None else helper.address or helper.url


def _echoes(helper: HelperPlace | None) -> dict[str, int | bool | None]:
    """What of the helper the inquiries' questions depend on; none of it is a secret."""
    if helper is None:
        return {}
    ports = {"echo_http": helper.http, "echo_tls": helper.tls, "echo_tcp": helper.tcp, "dark": helper.dark}
    more = {"echo_quic": helper.quic, "echo_span": helper.span if helper.span > 1 else None}
    ports |= {name: number for name, number in more.items() if number is not None}
    return ports | ({ONLY_ADDRESS: True} if helper.only_address else {})


def _able(plan: RunPlan) -> dict[str, bool]:
    """What this computer has beyond what is needed; a run that goes on elsewhere asks no more than was planned."""
    able = {"browser": plan.browser, "networks": plan.mmdb is not None}
    return {name: True for name, there in able.items() if there}


def recorded_helper(manifest: Manifest) -> HelperPlace | None:
    """The helper as the run of a manifest had it, for a replay."""
    if manifest.helper is None:
        return None
    if "://" in manifest.helper:
        return HelperPlace(url=manifest.helper)
    ports: dict[str, Any] = {
        name: int(port)
        for name in ("http", "tls", "tcp", "quic", "span")
        if (port := manifest.options.get(f"echo_{name}")) is not None
    }
    return HelperPlace(
        address=manifest.helper,
        dark=bool(manifest.options.get("dark")),
        only_address=bool(manifest.options.get(ONLY_ADDRESS)),
        **ports,
    )


def resumed(manifest: Manifest, place: Place, *, helper: str | None = None) -> RunPlan:
    """The run of a manifest, to go on with.

    Raises:
        Fault: The helper of the run is not at hand.
    """
    given = helper_place(place, helper)
    if _where(given) != manifest.helper:
        had = f"the helper at {manifest.helper}" if manifest.helper else "no helper"
        remedy = "give that helper's string with --helper" if manifest.helper else "go on without one, or start anew"
        if manifest.options.get(ONLY_ADDRESS):
            remedy = "give that address again with --address"
        raise Fault(f"the run {manifest.run} was begun with {had}; {remedy}")
    if manifest.helper is not None and given != recorded_helper(manifest):
        raise Fault(f"the helper at {manifest.helper} has other echo ports than when {manifest.run} was begun; "
                    "start it with the ports that it had, or start a new run")  # fmt: skip
    known = place.mmdb if manifest.options.get("networks") else None
    return msgspec.structs.replace(plan_of(manifest, given), mmdb=known)


def plan_of(manifest: Manifest, helper: HelperPlace | None) -> RunPlan:
    """The run of a manifest."""
    limits = manifest.limits
    annotations = {DECK: f"{manifest.deck} sha256:{manifest.deck_sha256}"}
    return RunPlan(
        run=manifest.run,
        deck=manifest.deck,
        targets=manifest.targets,
        baselines=manifest.baselines,
        baseline_word=manifest.baseline_word,
        resolvers=manifest.resolvers,
        comparison_resolvers=manifest.comparison_resolvers,
        helper=helper,
        vantage=manifest.vantage,
        software=manifest.software,
        knowledge=knowledge(),
        annotations=annotations | ({LABEL: manifest.label} if manifest.label else {}) | _frame(manifest.parts),
        limits=Limits(max_bytes=int(limits["max_bytes"]), contacts=int(limits["contacts"])),
        rates=pace(helper),
        ipv6=bool(manifest.options.get("ipv6", False)),
        browser=bool(manifest.options.get("browser", False)),
        scale=manifest.scale,
        alpha=manifest.alpha,
        seed=manifest.seed,
    )

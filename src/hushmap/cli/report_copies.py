"""Runs -> what of them a site may show: a copy as `hushmap publish` makes it, which nobody keeps.

A site is made to be given away. Whoever makes one of runs has not read what publish shows before a run leaves, so the
site is made of the same copy: stand-ins for addresses near the person, whole hours, ids that tell nothing. The
network is named, since a site tells of networks.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hushmap import __version__
from hushmap.cli.fault import Fault
from hushmap.cli.finishing import LAB
from hushmap.cli.given import Given, given
from hushmap.cli.publish import own_addresses, own_texts
from hushmap.model import Knowledge
from hushmap.publish import Copy, Wish, copied
from hushmap.runs import CopyRegister, RunFolder, is_bundle, load_settings, read_bundle


@contextmanager
def stood_in(places: Sequence[Given], knowledge: Knowledge) -> Iterator[tuple[list[Given], int]]:
    """The same places, with a copy for the runs among them, and how many records stay out; it is gone afterwards.

    Raises:
        Fault: Nothing of the runs may leave.
    """
    folders = [place.run for place in places if place.run is not None]
    others = [place for place in places if place.run is None]
    if not folders:
        yield others, 0
        return
    settings = load_settings()
    made = Copy(
        wish=Wish(own_vantage=True),
        knowledge=knowledge,
        texts=tuple(own_texts(settings)),
        addresses=tuple(own_addresses(settings)),
        software=f"hushmap {__version__}",
    )
    with TemporaryDirectory(prefix="hushmap-") as place:
        path = Path(place) / "runs.hush"
        with path.open("wb") as file:
            review = copied(folders, file, made)
        if not review.records:
            raise Fault("nothing of these runs may leave, so a site would be empty; for your own eyes: --as-recorded")
        yield [given(str(path)), *others], review.left_out


def is_lab(places: Sequence[Given]) -> bool:
    """Whether a run says that its network was the lab's; its copy does not."""
    return any(
        RunFolder.open(place.run).manifest.options.get(LAB, False) for place in places if place.run is not None
    )


def look_twice(places: Sequence[Given]) -> None:
    """Refuse a run beside its own published copy: each of its measurements would count twice.

    Raises:
        Fault: There is one; the register of copies tells.
    """
    runs = {RunFolder.open(place.run).manifest.run: place.text for place in places if place.run is not None}
    bundles = [Path(place.text) for place in places if is_bundle(place.text) and Path(place.text).is_file()]
    if not runs or not bundles:
        return
    known = {copy.sha256: copy.runs for copy in CopyRegister().all()}
    for path in bundles:
        with path.open("rb") as file:
            both = runs.keys() & known.get(hashlib.file_digest(file, "sha256").hexdigest(), ())
        if both:
            raise Fault(f"{path}: is a copy of {runs[min(both)]}, which would count twice; leave out one of the two")


def is_copy(place: Given) -> bool:
    """Whether it is a published copy."""
    return is_bundle(place.text) and Path(place.text).is_file()


def precision(paths: Sequence[str], places: Sequence[Given], *, as_recorded: bool) -> str | None:
    """To what times were rounded down, where a manifest tells of all of them; the coarsest counts."""
    told = {read_bundle(Path(place.text)).time_precision for place in places if is_copy(place)}
    told |= {"exact" if as_recorded else "hour" for place in places if place.run is not None}
    known = len(places) == len(paths) and all(place.run is not None or is_copy(place) for place in places)
    return next((one for one in ("day", "hour", "exact") if one in told), None) if known else None

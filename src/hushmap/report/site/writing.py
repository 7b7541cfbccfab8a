"""A site into its folder: nobody else's file is touched, old pages go, and a list of hashes says what was made.

The list is SHA256SUMS, which `sha256sum -c` reads. Because it names every file of the site, a later site in the same
folder knows which of them are its own to replace. A site is made beside the one that is there and takes its place in
the end, so that one that is interrupted harms nothing.
"""

import errno
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile, rmtree

import msgspec

SUMS = "SHA256SUMS"
_EVERY = frozenset({"index.html", "method.html", "data.html", "feed.xml", "style.css"})
"""What every site has: a list without them is someone else's, of files that are not ours to replace."""
_BEFORE = frozenset({"index.html", "style.css"})
"""What a page of earlier versions was made of, which had no list."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What there is now."""

    page: Path
    """The overview."""
    files: int
    size: int
    """Bytes."""


class OthersError(ValueError):
    """There is a file in the folder that no site put there."""


def look(folder: Path) -> frozenset[str]:
    """The files in the folder that a site before put there.

    Raises:
        OthersError: There are others.
    """
    if not folder.exists():
        return frozenset()
    if not folder.is_dir():
        raise OthersError(folder.name)
    # A link to a folder counts as a file of others: what is written through it lands elsewhere.
    every = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    there = {path.relative_to(folder).as_posix() for path in every}
    named = _named(folder / SUMS) if SUMS in there else frozenset()
    others = sorted(there - (named | {SUMS} if named >= _EVERY else _BEFORE))
    if others:
        raise OthersError(others[0])
    return frozenset(there)


def _named(sums: Path) -> frozenset[str]:
    lines = sums.read_text(encoding="utf-8", errors="replace").splitlines()
    return frozenset(line[66:] for line in lines)


def write(folder: Path, files: Iterable[tuple[str, bytes]], made: Iterable[str] = ()) -> Written:
    """Write the files into the folder, each as it comes.

    Args:
        folder: It is made where it is missing.
        files: Path and content of each.
        made: Paths of files of this site that are in the folder already.

    Raises:
        ValueError: A path leads out of the folder, or comes twice.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sums: dict[str, str] = {}
    size = 0
    for path, content in files:
        if path in sums or path.startswith("/") or ".." in path.split("/"):
            raise ValueError(f"{path!r} is no path of a new file in a site")
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        sums[path] = hashlib.sha256(content).hexdigest()
        size += len(content)
    for path in made:
        with (folder / path).open("rb") as opened:
            sums[path] = hashlib.file_digest(opened, "sha256").hexdigest()
        size += (folder / path).stat().st_size
    text = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums))
    (folder / SUMS).write_text(text, encoding="utf-8")
    return Written(page=folder / "index.html", files=len(sums) + 1, size=size + len(text.encode()))


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """A folder to write a site into, which takes the place of the one in `folder` when all is written.

    Whatever ends it before leaves the site that was there as it was.

    Raises:
        OthersError: as `look`.
    """
    before = look(folder)
    part = folder.absolute().with_name(f".{folder.absolute().name}.part")
    rmtree(part, ignore_errors=True)
    try:
        yield part
        _put(part, folder, before)
    finally:
        rmtree(part, ignore_errors=True)


def _put(part: Path, folder: Path, before: Iterable[str]) -> None:
    """Move every file where it belongs, and take away what an earlier site left.

    The list comes first, with the files of both sites, and alone in the end: whatever ends this between, each file
    that is there is one of a site, and the next one made here may replace it.
    """
    new = {path.relative_to(part).as_posix() for path in part.rglob("*") if path.is_file()}
    folder.mkdir(parents=True, exist_ok=True)
    if SUMS in new:
        gone = "".join(f"{'0' * 64}  {name}\n" for name in sorted({*before} - new))
        both = part / f"{SUMS}.both"
        both.write_text((part / SUMS).read_text(encoding="utf-8") + gone, encoding="utf-8")
        _move(both, folder / SUMS)
    for name in sorted({*before} - new):
        (folder / name).unlink()
        if (folder / name).parent != folder and not any((folder / name).parent.iterdir()):
            (folder / name).parent.rmdir()
    for name in sorted(new, key=lambda name: (name == SUMS, name)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _move(part / name, folder / name)


def _move(source: Path, target: Path) -> None:
    """Put a file in another's place, also on a disk of its own, where a name alone cannot be given to it."""
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copyfile(source, target)

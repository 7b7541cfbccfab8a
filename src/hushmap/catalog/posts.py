"""Lists of posts: `platform,post`, and beside them who shares an account, what a public body wrote, and twins.

A list of posts names people to whoever finds it, so it stays with the one who made it: its ids and accounts go no
further than the memory of a run (cli.veiling).
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from hushmap.catalog.errors import shown
from hushmap.catalog.excluded import exclusions
from hushmap.catalog.manifests import is_post, platform_path, read_platform
from hushmap.catalog.rows import Row, rows
from hushmap.catalog.source import Text
from hushmap.model import Platform, Post, Target

COLUMNS = frozenset({"platform", "post", "account", "author", "twin"})
"""Beside those of any list."""
BODY = "body"
"""In the column `author`: a public body."""


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """One row."""

    row: Row
    platform: Platform
    id: str
    account: str
    public_body: bool
    twin: bool


def posts(
    source: Text, allowed: frozenset[str], target: Callable[[Row, str], Target]
) -> Iterator[tuple[int, int, Target]]:
    """The posts of a list, each with what should be there beside it.

    Args:
        source: the list.
        allowed: columns that any list may have.
        target: what a row says of any target, by its text.

    Raises:
        CatalogError: At the first fault.
    """
    manifests: dict[str, Platform] = {}
    found = [
        _row(row, manifests)
        for row in rows(source, required=frozenset({"platform", "post"}), allowed=allowed | COLUMNS)
    ]
    _once_each(found)
    twins = [one for one in found if one.twin]
    for one in found:
        if one.twin:
            continue
        # What is beside a public body's post is published with it, so that no person may have written it.
        fit = [twin for twin in twins if twin.public_body or not one.public_body]
        beside = [twin for twin in fit if twin.platform.id == one.platform.id]
        if not beside:
            author = f", and author = {BODY}" if one.public_body else ""
            remedy = f"add a row with twin = yes{author}: a post of the same platform that should stay"
            raise one.row.fault("platform", f"nothing shows that {one.platform.name} itself is there", remedy)
        beside.sort(key=lambda twin: twin.account != one.account or not one.account)
        chosen = dict.fromkeys((beside[0].id, beside[-1].id))
        cell = one.row.cells["post"]
        post = Post(platform=one.platform, account=one.account, public_body=one.public_body, twins=tuple(chosen))
        yield cell.line, cell.column, msgspec.structs.replace(target(one.row, one.id), post=post)


def _once_each(found: Iterable[_Found]) -> None:
    """Refuse two rows about one post: what a public body's row would publish, a person's row keeps back."""
    first: dict[tuple[str, str], Row] = {}
    for one in found:
        other = first.setdefault((one.platform.id, one.id), one.row)
        if other is not one.row:
            remedy = "remove one of them: a post is watched or stands beside others"
            raise one.row.fault("post", f"the same as {other.source.name}:{other.line}", remedy)


def _row(row: Row, manifests: dict[str, Platform]) -> _Found:
    name, text = row.get("platform"), row.get("post")
    if name not in manifests:
        path = platform_path(name, Path(row.source.path).parent)
        if path is None:
            remedy = "write the id of a manifest in probes/platforms, or put one beside the list"
            raise row.fault("platform", f"there is no platform {shown(name)}", remedy)
        manifests[name] = read_platform(path)
    if manifests[name].post is None:
        raise row.fault("platform", f"the manifest of {name} does not say how a post is read", "add [post] to it")
    if not is_post(text):
        raise row.fault("post", f"{shown(text)} is no id of a post", "write what stands in its address")
    for field in ("post", "account"):
        if exclusions().hit(row.get(field)):
            raise row.fault(field, "is on the hard exclusion list", "remove it: this has no switch (ETHICS.md)")
    if row.get("author") not in {"", BODY}:
        what = f"{shown(row.get('author'))} is not taken"
        raise row.fault("author", what, f"write {BODY} for a public body, or nothing: no person is named")
    return _Found(
        row=row,
        platform=manifests[name],
        id=text,
        account=row.get("account"),
        public_body=row.get("author") == BODY,
        twin=row.flag("twin"),
    )

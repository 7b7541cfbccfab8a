"""FLOOR 5: the reduced copy: what leaves, what is masked, what is refused (METHOD 5).

A run is never changed. What is published is a new copy of its records, made field by field by a table that names
every field that can hold text: a field that nobody thought of does not leave.

hidden   what must not leave, in every form          coarse   times, addresses of the web, texts of the network
naming   stand-ins for addresses near the person     fields   the table: what becomes of each field
reducing a record -> its copy, or why it stays       copying  runs -> a bundle, and what there is to tell of it
checking whether a bundle is one, and holds nothing besides
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.publish.checking import check_copy
    from hushmap.publish.copying import Copy, Review, copied
    from hushmap.publish.hidden import Hidden
    from hushmap.publish.reducing import Refusal, Wish

_HOMES = {
    "Copy": "copying",
    "Hidden": "hidden",
    "Refusal": "reducing",
    "Review": "copying",
    "Wish": "reducing",
    "check_copy": "checking",
    "copied": "copying",
}

__all__ = ["Copy", "Hidden", "Refusal", "Review", "Wish", "check_copy", "copied"]


def __getattr__(name: str) -> Any:
    """The public name, from the module that holds it (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

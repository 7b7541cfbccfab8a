"""The lab without a kernel: every scenario as a function of its seed, and every censor as one on asks.

running  a scenario by the product's own runner     cell     one cell of the score
wires    the room of sockets: an ask in, steps out  verbs    its verbs        question  one lookup
client internet   the two computers                 carrier  the path between them
peer     one end of a TCP connection                tls      what is in the open of TLS
servers  what is answered, where                    elsewhere  the helper
pages certificates requests folder                  loop     a time that is not waited for
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.lab.pure.cell import pure_cell
    from hushmap.lab.pure.running import Acted, PureRun, World, act, carried_out

_HOMES = dict.fromkeys(("Acted", "PureRun", "World", "act", "carried_out"), "running") | {"pure_cell": "cell"}
__all__ = ["Acted", "PureRun", "World", "act", "carried_out", "pure_cell"]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

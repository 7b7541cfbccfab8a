"""The one address that is ours, toward which anything may be sent."""

from hushmap.model import Context


def ours(context: Context) -> str | None:
    """The address of a helper of one's own; `None` without one, and with one of OONI's kind, which is a URL.

    Toward an address of ours a name can be sent that is not its own, which tells a censor from a server.
    """
    return None if context.helper is None or by_url(context) else context.helper


def by_url(context: Context) -> bool:
    """Whether the helper is of OONI's kind: it compares, tells the page after all redirects, and has no echo."""
    return context.helper is not None and "://" in context.helper

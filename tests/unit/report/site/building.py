"""All files of a site, as text by path."""

from hushmap.report.site.building import build


def whole(making):
    """Every file of it."""
    return {path: content.decode() for path, content in build(making) if not path.endswith(".png")}

"""The pictures of a site: which there are, and their files.

A picture that has nothing to show is not there, so that no page says something by an empty frame.
"""

from hushmap.report.site.charts import coverage, labels
from hushmap.report.site.crossing import crossings
from hushmap.report.site.heat import PARTS, of_network, of_site
from hushmap.report.site.image import Figure, named_files
from hushmap.report.site.making import Making, Pages
from hushmap.report.site.timeline import timeline
from hushmap.report.site.world import world


def figures(making: Making) -> dict[str, Figure]:
    """The pictures of the overview by name, in its order, and its grids for those who show them elsewhere."""
    if making.book.first is None:
        return {}
    found = (
        *(of_site(making, part) for part in PARTS),
        timeline(making),
        *(labels(making, part) for part in PARTS),
        coverage(making),
        world(making),
        *crossings(making),
    )
    return {figure.name: figure for figure in found if figure is not None}


def pages(making: Making, *, png: bool = False) -> Pages:
    """The files of all pictures: those of the overview, which `making` holds, and the maps of each network."""
    for figure in making.figures.values():
        yield from named_files(figure, png=png)
    for network in making.book.networks:
        for figure in of_network(making, network.id):
            yield from named_files(figure, png=png)

"""The explorer's own script: what draws, and the few lines that say what is to be drawn, in one file of ours.

The libraries come out of the package that draws a site's charts, so that nothing is fetched and nothing kept in two
versions. Expressions of a specification are read and never made into code, which the policy forbids.
"""

from functools import cache

import vl_convert

SNIPPET = """
const place = document.getElementById("drawing");
if (place) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const told = await (await fetch(place.dataset.from)).json();
  const spec = told.drawing;
  spec.encoding.color.scale.range = spec.usermeta.styles.map((name) => colour("--" + name) || colour("--soft"));
  spec.config = {background: null, font: "system-ui, sans-serif", view: {stroke: null},
    axis: {labelColor: colour("--ink"), titleColor: colour("--ink"), gridColor: colour("--line"),
           domainColor: colour("--line"), tickColor: colour("--line"), labelFontSize: 12, titleFontSize: 12},
    legend: {labelColor: colour("--ink"), titleColor: colour("--ink"), labelFontSize: 12, titleFontSize: 12}};
  await vegaEmbed(place, spec, {actions: false, ast: true, defaultStyle: false, renderer: "canvas", tooltip: false});
  const canvas = place.querySelector("canvas");
  if (canvas) { canvas.setAttribute("role", "img"); canvas.setAttribute("aria-label", spec.description); }
}
"""
"""What our script does; the libraries that it needs are bundled with it."""


@cache
def script() -> bytes:
    """The script with all that it needs; it takes some seconds to put together, once."""
    bundle: str = vl_convert.javascript_bundle(SNIPPET)
    # In a function of its own: short names at the top would be those of the page.
    return f"(async()=>{{{bundle}}})();\n".encode()

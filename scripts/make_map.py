#!/usr/bin/env python3
"""Draw the countries of the world map once, small: a TopoJSON of borders in, one path a country out.

The site must not need map software, nor carry a megabyte for a picture in which a country is coloured or not. So
borders are projected (Equal Earth, so that areas compare), thinned by Visvalingam's rule where a screen shows no
difference, and rounded to a fifth of a pixel. Arcs are thinned before they are joined, so that neighbours still fit.

    make_map.py countries-50m.json iso_3166-1.json

The first file is `countries-50m.json` of world-atlas 2.0.2 (ISC; Natural Earth 4.1, public domain), the second the
table of ISO 3166-1 codes in the form of the package iso-codes.
"""

import heapq
import json
import math
import sys
from itertools import pairwise
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "src/hushmap/report/map/world.json"
WIDTH = 960
GRAIN = 5
"""Parts of a pixel."""
LEAST = 0.35
"""A corner whose triangle is smaller is not seen (square pixels)."""
SMALL = 0.6
"""An island of fewer square pixels is left out, unless it is the largest part of its country."""
HALF = 180
"""Degrees from the middle of the map to its edges."""
TRIANGLE = 4
"""Points of the smallest ring, whose last is its first."""
WITHOUT = {"AQ"}
"""Nobody measures there, and it would take a fifth of the picture."""

Point = tuple[float, float]


def equal_earth(longitude: float, latitude: float) -> Point:
    """The projection of Savric, Patterson and Jenny (2018), in pixels from the upper left corner."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    squared = theta * theta
    sixth = squared**3
    slope = a1 + 3 * a2 * squared + sixth * (7 * a3 + 9 * a4 * squared)
    x = 2 / math.sqrt(3) * math.radians(longitude) * math.cos(theta) / slope
    y = theta * (a1 + a2 * squared + sixth * (a3 + a4 * squared))
    scale = WIDTH / (2 * 2.7066299836)
    return WIDTH / 2 + x * scale, (1.3173627591 - y) * scale


def unpacked(topology: dict) -> list[list[Point]]:
    """The arcs of the topology in degrees, thinned."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((x * kx + dx, y * ky + dy))
        arcs.append(thinned(points))
    return arcs


def triangle(a: Point, b: Point, c: Point) -> float:
    """Its area."""
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def thinned(arc: list[Point]) -> list[Point]:
    """Without the corners that nobody sees; ends stay, so that arcs still meet."""
    points = [equal_earth(*point) for point in arc]
    before, after = list(range(-1, len(points) - 1)), list(range(1, len(points) + 1))
    kept = [True] * len(points)
    ring = points[0] == points[-1]
    left = len(points)

    def area(place: int) -> float:
        return triangle(points[before[place]], points[place], points[after[place]])

    heap = [(area(place), place) for place in range(1, len(points) - 1)]
    current = {place: size for size, place in heap}
    heapq.heapify(heap)
    while heap:
        size, place = heapq.heappop(heap)
        if not kept[place] or current[place] != size:
            continue
        if size > LEAST or (ring and left <= TRIANGLE):
            break
        kept[place] = False
        left -= 1
        low, high = before[place], after[place]
        after[low], before[high] = high, low
        for other in (low, high):
            if 0 < other < len(points) - 1:
                current[other] = max(size, area(other))
                heapq.heappush(heap, (current[other], other))
    return [point for point, keep in zip(arc, kept, strict=True) if keep]


def rings_of(numbers: list[int], arcs: list[list[Point]]) -> list[list[tuple[int, int]]]:
    """The arcs of a ring, joined, cut where the map ends, and projected; a negative number runs backwards."""
    ring: list[Point] = []
    for number in numbers:
        points = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += points if not ring else points[1:]
    whole, turn = [ring[0]], 0
    for (one, _), (other, latitude) in pairwise(ring):
        turn += 360 * ((one - other > HALF) - (other - one > HALF))
        whole.append((other + turn, latitude))
    found = []
    for shift in (-360, 0, 360):
        part = clipped(clipped([(x + shift, y) for x, y in whole], -HALF, 1), HALF, -1)
        drawn = [(round(x * GRAIN), round(y * GRAIN)) for x, y in (equal_earth(*point) for point in part)]
        if drawn:
            corners = [point for point, following in pairwise([*drawn, drawn[0]]) if point != following]
            found.append(corners or drawn[:1])
    return found


def clipped(ring: list[Point], edge: float, side: int) -> list[Point]:
    """What of a ring lies on one side of a meridian (Sutherland and Hodgman)."""
    found: list[Point] = []
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        inside, follows = (ax - edge) * side >= 0, (bx - edge) * side >= 0
        if inside:
            found.append((ax, ay))
        if inside != follows:
            found.append((edge, ay + (by - ay) * (edge - ax) / (bx - ax)))
    return found


def size_of(ring: list[tuple[int, int]]) -> float:
    """Its area in square pixels, with the sign of its sense."""
    turned = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in turned) / 2 / GRAIN**2


def centre(ring: list[tuple[int, int]]) -> tuple[int, int]:
    """The middle of its area."""
    whole = size_of(ring) * GRAIN**2
    if not whole:
        return ring[0]
    x = y = 0.0
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = a[0] * b[1] - b[0] * a[1]
        x, y = x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return round(x / (6 * whole)), round(y / (6 * whole))


def path_of(rings: list[list[tuple[int, int]]]) -> str:
    """The rings as an SVG path of relative steps."""
    told = []
    for ring in rings:
        steps = [f"{b[0] - a[0]},{b[1] - a[1]}" for a, b in pairwise(ring)]
        told.append(f"M{ring[0][0]},{ring[0][1]}l{' '.join(steps)}z")
    return "".join(told).replace(",-", "-").replace(" -", "-")


def main() -> None:
    """Read the two files and write the map."""
    topology = json.loads(Path(sys.argv[1]).read_bytes())
    codes = {row["numeric"]: row["alpha_2"] for row in json.loads(Path(sys.argv[2]).read_bytes())["3166-1"]}
    arcs = unpacked(topology)
    countries: dict[str, list[list[tuple[int, int]]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = codes.get(geometry.get("id", ""), "")
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        drawn = countries.setdefault(code, [])
        for ring in (ring for polygon in polygons for ring in polygon):
            drawn += rings_of(ring, arcs)
    told, lowest = {}, 0
    for code, rings in sorted(countries.items()):
        if code in WITHOUT:
            continue
        largest = max(rings, key=lambda ring: abs(size_of(ring)))
        seen = [ring for ring in rings if len(ring) >= TRIANGLE - 1 and abs(size_of(ring)) >= SMALL]
        lowest = max([lowest, *(y for ring in seen for _, y in ring)])
        size = sum(abs(size_of(ring)) for ring in seen)
        told[code] = {"at": centre(largest), "size": round(size), "path": path_of(seen)}
    height = math.ceil(lowest / GRAIN) + 2
    world = {"width": WIDTH, "height": height, "grain": GRAIN, "countries": told}
    TARGET.write_text(json.dumps(world, separators=(",", ":")) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()

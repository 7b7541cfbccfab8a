"""Makes the measurements on which `make bench-judge` times reading and judging, from a handful of real ones.

    python tests/bench/measurements.py [--count 100000] [--pages 6000] [--seed 1] [--out FOLDER]

`lines.jsonl` holds measurements of about 7 kB, as an archive has them by the million: web_connectivity 0.5 from
`manual/8844.json`, and 0.4 from the files of that version in `odd`, bodies and certificates cut. `pages.jsonl` holds
measurements over plain HTTP with pages of 20 to 80 kB, put together anew each time from pieces of real pages.

No cache may help: hosts, addresses, AS numbers, times, ids and nonces differ from line to line and are the same
within one, wherever they stand (names, URLs, SNI, header values, control, logs). Everything else is real, since what
is timed is the work that real measurements make. The files go to a cache outside the checkout: what they are made
from may not be shipped (CC BY, and other people's pages). A seed makes the same bytes again.
"""

import argparse
import base64
import hashlib
import json
import os
import random
import re
import shutil
import string
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

# ruff: noqa: T201  a script: printing is what it does

ROOT = Path(__file__).resolve().parents[2]

COUNT, PAGES, SEED = 100_000, 6_000, 1
"""At least 100,000 (issue "OONI data in and out" Bars); pages so that one pass lasts seconds: about 300 MB."""
MEAN, MEAN_SLACK = 7_000, 100
"""Bytes of the mean line, and how far from it the mean may be."""
PAGE_SIZES = (20_000, 80_000)
"""Bytes of a page's body."""

SHARES = (("manual", "8844", 15), ("odd", "_ir_fp", 10), ("odd", "2025", 14), ("odd", "_null", 1))
"""How often each file is the model of a line: so that the mean is as the bar says (the last has 3 kB)."""

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


def field_data() -> Path | None:
    """The folder of real data: what the environment names, else the one beside the checkout; `None` without one."""
    named = os.environ.get("HUSHMAP_FIELD_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if (folder / "ooni" / "manual" / "8844.json").is_file() else None


def cache() -> Path:
    """Where made files are kept from one bench to the next."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
    return base / "hushmap" / "bench"


# What differs from line to line. Each kind: what it looks like in the text of a measurement.
KINDS = {
    "host": r"(?<![\w@%-])(?<![\w-]\.)(?!\d+\.th\.ooni\.org)(?:[a-zA-Z0-9-]+\.)+(?:com|org|net|id|onion)(?![\w-])",
    "v4": r"(?<![\w.])(?<!Chrome/)(?<!Chrome\\/)(?!127\.0\.0\.1)\d{1,3}(?:\.\d{1,3}){3}(?![\w.])",
    "v6": r"(?<![\w:.])2[0-9a-f]{3}:(?:[0-9a-f]{0,4}:){2,6}[0-9a-f]{1,4}(?![\w:])",
    "iso": r"(?<!\d)20\d\d-\d\d-\d\d \d\d:\d\d:\d\d(?!\d)",
    "compact": r"(?<!\d)20\d{6}T\d{6}Z",
    "imf": r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT",
    "tail": r"(?<=_n1_)\w{16}",
    "asn": r'(?<=AS)[1-9]\d+|(?<="asn":)[1-9]\d+|(?<=_[A-Z]{2}_)\d+(?=_n1_)',
    "hex": r"(?<![\w.])[0-9a-f]{32,64}(?!\w)",
    "uid": "@uid@",
    "seconds": r"(?<![\w.])\d{1,3}\.\d{4,}(?!\d)",
    "nanoseconds": r'(?<=_runtime":)\d{6,}',
}
PIECES = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in KINDS.items()))


class Moment:
    """What is drawn once for a line: its second, and how fast its network is."""

    def __init__(self, rng: random.Random) -> None:
        self.year, self.month, self.day = rng.randint(2020, 2025), rng.randint(1, 12), rng.randint(1, 28)
        self.clock = (rng.randint(0, 23), rng.randint(0, 59))
        self.second = rng.randint(0, 59)
        self.pace = rng.uniform(0.6, 1.6)
        self.rng = rng
        self.labels: dict[str, str] = {}


def _host(text: str, now: Moment) -> str:
    """The label below the suffix is another; the labels before it, and where it is used again, stay together."""
    labels = text.split(".")
    old = labels[-2]
    if old not in now.labels:
        now.labels[old] = "".join(now.rng.choices(string.ascii_lowercase, k=max(len(old), 5)))
    labels[-2] = now.labels[old]
    return ".".join(labels)


def _v4(text: str, now: Moment) -> str:
    """Another address of the same kind: public stays public, and an answer of a private one stays that."""
    first = "10" if text.startswith("10.") else str(now.rng.choice((31, 45, 66, 80, 91, 104, 142, 157, 185, 207)))
    bits = now.rng.getrandbits(24)
    return f"{first}.{bits >> 16}.{bits >> 8 & 255}.{bits & 255 or 1}"


def _v6(text: str, now: Moment) -> str:
    groups = text.split(":")
    return ":".join([groups[0], *(f"{now.rng.getrandbits(16) | 1:x}" if group else "" for group in groups[1:])])


def _imf(_: str, now: Moment) -> str:
    clock = f"{now.clock[0]:02}:{now.clock[1]:02}:{now.second:02}"
    return f"{now.rng.choice(DAYS)}, {now.day:02} {MONTHS[now.month - 1]} {now.year} {clock} GMT"


def _seconds(text: str, now: Moment) -> str:
    """All times of a line stretched alike, so that what came first still comes first."""
    return f"{float(text) * now.pace:.{len(text.partition('.')[2])}f}"


MAKERS: dict[str, Callable[[str, Moment], str]] = {
    "host": _host,
    "v4": _v4,
    "v6": _v6,
    "iso": lambda _, now: (
        f"{now.year}-{now.month:02}-{now.day:02} {now.clock[0]:02}:{now.clock[1]:02}:{now.second:02}"
    ),
    "compact": lambda _, now: (
        f"{now.year}{now.month:02}{now.day:02}T{now.clock[0]:02}{now.clock[1]:02}{now.second:02}Z"
    ),
    "imf": _imf,
    "tail": lambda text, now: "".join(now.rng.choices(string.ascii_letters + string.digits, k=len(text))),
    "asn": lambda text, now: str(now.rng.randint(10 ** (len(text) - 1), 10 ** len(text) - 1)),
    "hex": lambda text, now: f"{now.rng.getrandbits(4 * len(text)):0{len(text)}x}",
    "uid": lambda _, now: f"{now.rng.getrandbits(160):040x}",
    "seconds": _seconds,
    "nanoseconds": lambda text, now: str(int(int(text) * now.pace)),
}


class Model:
    """One real measurement as text: what stays, and places that are filled anew for each line."""

    def __init__(self, text: str) -> None:
        self.pieces: list[str] = []
        self.slots: list[int] = []
        self.keys: dict[tuple[str, str], int] = {}
        end = 0
        for found in PIECES.finditer(text):
            assert found.lastgroup is not None
            self.pieces += [text[end : found.start()], ""]
            key = (found.lastgroup, found.group())
            self.slots.append(self.keys.setdefault(key, len(self.keys)))
            end = found.end()
        self.pieces.append(text[end:])

    def line(self, rng: random.Random) -> tuple[str, Moment]:
        """One measurement that was never made."""
        now = Moment(rng)
        values = [MAKERS[kind](text, now) for kind, text in self.keys]
        pieces = self.pieces.copy()
        pieces[1::2] = [values[slot] for slot in self.slots]
        return "".join(pieces), now


def _cut(value: Any) -> None:
    """Take bodies and certificates out of a measurement."""
    if isinstance(value, dict):
        for key in value:
            if key == "body":
                value[key] = ""
            elif key == "peer_certificates":
                value[key] = []
            else:
                _cut(value[key])
    elif isinstance(value, list):
        for item in value:
            _cut(item)


def written(value: Any, *, as_probe: bool) -> str:
    """JSON as OONI's probes write it (`<`, `>` and `&` escaped), or as its archive rewrote it (`/` escaped)."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=not as_probe)
    if as_probe:
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return text.replace("/", "\\/")


def _read(folder: Path, mark: str) -> Any:
    (path,) = [path for path in sorted(folder.glob("*.json")) if mark in path.name]
    return json.loads(path.read_text("utf-8"))


def models(data: Path) -> list[tuple[Model, int]]:
    """The models of `lines.jsonl`, each with its share; published measurements carry a `measurement_uid`."""
    found = []
    for folder, mark, share in SHARES:
        value = _read(data / "ooni" / folder, mark)
        assert value["test_version"].startswith(("0.4.", "0.5.")), mark
        _cut(value)
        value["measurement_uid"] = "@uid@"
        found.append((Model(written(value, as_probe=folder == "manual")), share))
    return found


def lines(data: Path, count: int, seed: int) -> Iterator[str]:
    """`count` measurements without bodies."""
    rng = random.Random(seed)
    known = models(data)
    choices, weights = [model for model, _ in known], [share for _, share in known]
    for model in rng.choices(choices, weights, k=count):
        yield model.line(rng)[0]


# Pages.


class Body:
    """A real page cut into pieces of some hundred bytes at the ends of its tags."""

    PIECE = 600

    def __init__(self, text: str, *, as_probe: bool, encoding: str | None) -> None:
        self.as_probe, self.encoding = as_probe, encoding
        self.chunks: list[tuple[str, int]] = []
        start = 0
        while start < len(text):
            end = text.find(">", start + self.PIECE) + 1
            end = min(end or len(text), start + 4 * self.PIECE)
            self.chunks.append((text[start:end], len(text[start:end].encode(encoding or "utf-8", "replace"))))
            start = end

    def page(self, rng: random.Random, size: int, title: str, mark: str) -> str:
        """The JSON string of a page of about `size` bytes that nobody has seen, with `mark` somewhere in it."""
        parts, length = [f"<!DOCTYPE html><html><head><title>{title}</title>"], 0
        while length < size:
            for chunk, bytes_ in rng.sample(self.chunks, len(self.chunks)):
                parts += (chunk, f'<p class="w{rng.getrandbits(40):x}">')
                length += bytes_
                if length >= size:
                    break
        parts.insert(rng.randrange(1, len(parts)), mark)
        text = "".join(parts)
        if self.encoding is not None:
            data = base64.b64encode(text.encode(self.encoding, "replace")).decode("ascii")
            return f'{{"data":"{data}","format":"base64"}}'
        return written(text, as_probe=self.as_probe)


def _html_of(value: Any) -> Iterator[str | bytes]:
    for request in value["test_keys"].get("requests") or ():
        body = (request.get("response") or {}).get("body")
        if isinstance(body, dict):
            body = base64.b64decode(body["data"])
        if body and len(body) >= PAGE_SIZES[0]:
            yield body


def bodies(data: Path) -> list[Body]:
    """Every page of 20 kB and more that the web_connectivity measurements of `manual` and `real` hold."""
    found = []
    for folder in ("manual", "real"):
        for path in sorted((data / "ooni" / folder).glob("*.json")):
            value = json.loads(path.read_text("utf-8"))
            if value.get("test_name") != "web_connectivity":
                continue
            for body in _html_of(value):
                if isinstance(body, bytes):
                    found.append(Body(body.decode("cp1251", "replace"), as_probe=True, encoding="cp1251"))
                else:
                    found.append(Body(body, as_probe=folder == "manual", encoding=None))
    assert len(found) >= 6, "the real pages are not where they were"
    return found


def marks(data: Path) -> list[str]:
    """Literal patterns of block pages: one page in fifty holds one, so that what follows a match is timed too."""
    import csv

    with (data / "fingerprints" / "fingerprints_http.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["location_found"] == "body"]
    return [row["pattern"] for row in rows if row["pattern_type"] == "contains" and row["scope"] != "fp"]


def page_model(data: Path) -> Model:
    """A 0.4 measurement of a site that answers at once over plain HTTP; the test helper saw the page too."""
    value = _read(data / "ooni" / "odd", "2025")
    value["measurement_uid"] = "@uid@"
    keys = value["test_keys"]
    request, hop = keys["requests"]
    control = keys["control"]["http_request"]
    request["request"] = hop["request"] | {"url": value["input"] + "/"}
    headers = control["headers"]
    request["response"] = {
        "body": "@body@",
        "body_is_truncated": False,
        "code": 200,
        "headers": headers,
        "headers_list": [[name, text] for name, text in headers.items()],
    }
    control |= {"title": "@title@", "body_length": "@length@"}
    keys["requests"] = [request]
    return Model(written(value, as_probe=False))


def pages(data: Path, count: int, seed: int) -> Iterator[str]:
    """`count` measurements with pages; of each four the test helper saw another page in one."""
    rng = random.Random(f"pages {seed}")
    model, known, signs = page_model(data), bodies(data), marks(data)
    for number in range(count):
        text, now = model.line(rng)
        size = rng.randint(*PAGE_SIZES)
        title = f"{now.labels['archive']} {rng.getrandbits(32):x}"
        mark = rng.choice(signs) if number % 50 == 0 else ""
        body = rng.choice(known).page(rng, size, title, mark)
        same = rng.random() < 0.75
        seen = title if same else "Welcome"
        text = text.replace("@title@", seen, 1).replace('"@length@"', str(size if same else size // 3), 1)
        yield text.replace('"@body@"', body, 1)


def made(data: Path, folder: Path, *, count: int = COUNT, page_count: int = PAGES, seed: int = SEED) -> list[Path]:
    """`lines.jsonl` and `pages.jsonl` in a folder named after everything that they depend on; made once."""
    digest = hashlib.sha256(f"{count} {page_count} {seed} ".encode() + Path(__file__).read_bytes())
    for path in sorted((data / "ooni").rglob("*.json")):
        digest.update(path.read_bytes())
    place = folder / digest.hexdigest()[:16]
    wanted = [place / "lines.jsonl", place / "pages.jsonl"]
    if not all(path.is_file() for path in wanted):
        place.mkdir(parents=True, exist_ok=True)
        _write(wanted[0], lines(data, count, seed))
        _write(wanted[1], pages(data, page_count, seed))
        for old in folder.glob("*"):
            if re.fullmatch("[0-9a-f]{16}", old.name) and old != place:  # what another version of this script left
                shutil.rmtree(old, ignore_errors=True)
    return wanted


def _write(path: Path, texts: Iterator[str]) -> None:
    part = path.with_suffix(f".{os.getpid()}")  # another bench may make the same file now
    with part.open("wb") as stream:
        stream.writelines(text.encode() + b"\n" for text in texts)
    part.replace(path)


def main() -> int:
    """Makes the two files and says where they are; exit code 2 without the real data."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=None)
    arguments = parser.parse_args()
    data = field_data()
    if data is None:
        print("there is no real data beside the checkout, nor where HUSHMAP_FIELD_DATA points")
        return 2
    folder = arguments.out or cache()
    counts = {"count": arguments.count, "page_count": arguments.pages}
    for path, number in zip(made(data, folder, **counts, seed=arguments.seed), counts.values(), strict=True):
        size = path.stat().st_size
        print(f"{path}: {number} measurements, {size / 1e6:.1f} MB, mean {size / max(number, 1):.0f} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

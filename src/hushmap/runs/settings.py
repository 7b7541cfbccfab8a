"""What a person said once: helper, network, country, resolver, AS database.

A small TOML file that people edit by hand, so a fault names line and column where that can be known. It may hold the
helper's token, and is therefore written for its owner's eyes only.
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from hushmap.runs.errors import RunsError
from hushmap.runs.lines import replace
from hushmap.runs.xdg import config_dir, private_folder

_COUNTRY = re.compile(r"[A-Z]{2}")
_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")


class Settings(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """Defaults for the options of the same name."""

    helper: str | None = None
    """`hushmap://TOKEN@HOST:PORT#sha256=HEX`; or `ooni`, or the `https://` URL of another helper of OONI's kind."""
    network: str | None = None
    """`AS64501 Net-A`."""
    country: str | None = None
    """ISO 3166 alpha-2."""
    resolver: str | None = None
    mmdb: str | None = None
    """Path of a file that tells networks by address."""
    uncategorised: bool = False
    """The person has said once that rows without a category may be asked (METHOD 5)."""
    keep_days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] | None = None
    """Days after which a run is deleted, whenever another one ends; without it nothing is deleted by itself."""


def settings_path() -> Path:
    """The file of the person who runs this."""
    return config_dir() / "settings.toml"


def load_settings(path: Path | None = None) -> Settings:
    """The settings, or the defaults where there is no file; `RunsError` with line and column of a fault."""
    path = path or settings_path()
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError:
        raise RunsError(f"{path}:1:1", "is not UTF-8", "save it as UTF-8") from None
    except OSError as error:
        raise RunsError(path, error.strerror or "cannot be read", "check its permissions") from None
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        found = _PLACE.search(str(error))
        where = f"{path}:{found[1]}:{found[2]}" if found else f"{path}:1:1"
        raise RunsError(where, f"not TOML: {_PLACE.sub('', str(error))}", "correct it, or remove the file") from None
    try:
        settings = msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        name = next((name for name in values if f"`{name}`" in str(error) or f"$.{name}" in str(error)), "")
        known = ", ".join(Settings.__struct_fields__)
        raise RunsError(_where(path, text, name), str(error), f"known are {known}, each a text") from None
    if settings.country is not None and not _COUNTRY.fullmatch(settings.country):
        raise RunsError(_where(path, text, "country"), "the country is not two capital letters", "write e.g. XA")
    return settings


def _where(path: Path, text: str, name: str) -> str:
    """`path:line:1` of the line on which `name` is set."""
    pattern = re.compile(rf"""[ \t]*["']?{re.escape(name)}["']?[ \t]*[=.\]]|[ \t]*\[\[?[ \t]*{re.escape(name)}""")
    lines = enumerate(text.split("\n"), 1)
    line = next((number for number, line in lines if name and pattern.match(line)), 1)
    return f"{path}:{line}:1"


def save_settings(settings: Settings, path: Path | None = None) -> Path:
    """Write the settings and tell where."""
    path = path or settings_path()
    private_folder(path.parent)
    lines = ["# Hushmap's settings: defaults for the options of the same name.\n"]
    for name, value in msgspec.to_builtins(settings).items():
        # A TOML basic string escapes as JSON does, and DEL too.
        lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}\n".replace("\x7f", "\\u007f"))
    replace(path, "".join(lines).encode())
    return path

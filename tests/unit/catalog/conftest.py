"""A folder of probes that a test fills, in the place of the shipped one."""

import pytest

from hushmap.catalog import consent, excluded, marks, places, questions

SALT = "00112233445566778899aabbccddeeff"


class Probes:
    """Writes files into the folder."""

    def __init__(self, path):
        self.path = path

    def write(self, name, text):
        """Put `text` at `name`; its path."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def exclude(self, *terms):
        """Make `terms` the hard exclusion list."""
        lines = [f'salt = "{SALT}"', 'made = "2026-11-21"']
        for term in terms:
            squeezed = excluded.squeeze(term)
            text = excluded.digest(bytes.fromhex(SALT), squeezed).hex()
            lines += ["[[terms]]", f"length = {len(squeezed)}", f'hashes = ["{text}"]']
        self.write("exclusions/x.toml", "\n".join(lines))
        excluded.exclusions.cache_clear()


@pytest.fixture
def probes(tmp_path, monkeypatch):
    """An empty folder of probes, used by every module of the room."""
    for module in (consent, excluded, marks, questions):
        monkeypatch.setattr(module, "probes_dir", lambda: tmp_path)
    assert places.probes_dir() != tmp_path
    excluded.exclusions.cache_clear()
    yield Probes(tmp_path)
    excluded.exclusions.cache_clear()

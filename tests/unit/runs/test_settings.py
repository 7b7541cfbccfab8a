"""Settings: read back as they were saved, and refused with the line of the fault."""

import pytest

from hushmap.runs.errors import RunsError
from hushmap.runs.settings import Settings, load_settings, save_settings, settings_path


@pytest.fixture(autouse=True)
def _home(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_settings_are_read_back():
    """Every value comes back, odd characters included; the file is its owner's and begins with what it is."""
    assert load_settings() == Settings()
    settings = Settings(
        helper="hushmap://TOKEN@192.0.2.1:4433#sha256=ab",
        network='AS64501 "Net\\A" \t\x7f网络',
        country="XA",
        resolver="192.0.2.53",
        mmdb="/data/asn.mmdb",
        uncategorised=True,
        keep_days=90,
    )
    path = save_settings(settings)
    assert path == settings_path()
    assert load_settings() == settings
    assert path.stat().st_mode & 0o777 == 0o600
    save_settings(Settings())
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b'country = "XA"\nnetwork = \n', "2:11: not TOML: Invalid value; correct it, or remove the file"),
        (b'network = "\xff"', "1:1: is not UTF-8"),
        (b"x = " + b"[" * 100_000, "1:1: not TOML"),
        (b"# c\nnetwork = 7\n", "2:1: Expected `str | null`, got `int` - at `$.network`; known are helper"),
        (b'country = "XA"\ncolour = "x"\n', "2:1: Object contains unknown field `colour`"),
        (b'country = "XA"\n[colour]\n', "2:1: Object contains unknown field `colour`"),
        (b'[[colour]]\nx = "x"\n', "1:1: Object contains unknown field `colour`"),
        (b'network = "x"\ncountry = "Exampleland"\n', "2:1: the country is not two capital letters"),
    ],
)
def test_a_fault_is_located(text, message):
    """Each fault is one line with the file, the line and the remedy."""
    path = settings_path()
    path.parent.mkdir(parents=True)
    path.write_bytes(text)
    with pytest.raises(RunsError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"{path}:{message}")


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    """What the system says is handed on."""
    with pytest.raises(RunsError, match="Is a directory; check its permissions"):
        load_settings(tmp_path)

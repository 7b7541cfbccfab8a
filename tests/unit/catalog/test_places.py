"""The shipped data is found from a checkout and from a wheel."""

from hushmap.catalog.places import probes_dir


def test_a_checkout_has_its_probes_beside_src(tmp_path):
    """Without `probes` in the package the checkout's folder is meant; this test runs from such a checkout."""
    package = tmp_path / "src" / "hushmap"
    package.mkdir(parents=True)
    assert probes_dir(package) == tmp_path / "probes"
    assert (probes_dir() / "README.md").is_file()


def test_a_wheel_has_its_probes_inside(tmp_path):
    """A folder `probes` in the package is used first."""
    package = tmp_path / "site-packages" / "hushmap"
    (package / "probes").mkdir(parents=True)
    assert probes_dir(package) == package / "probes"

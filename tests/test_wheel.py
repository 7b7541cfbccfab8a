"""The wheel is the product: built, installed into an empty environment and used from a folder outside the checkout.

No network is needed. The wheel is built by what is installed here, and the empty environment sees the libraries of this
one by a `.pth` file; Hushmap itself it has from the wheel alone (an editable install's own `.pth` is not followed there).
"""

import json
import os
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from house import ROOT, modules, tracked


def _run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "XDG_", "COV_"))}
    return subprocess.run(
        command, cwd=folder, env=clean | environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = _run(command, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory) -> Path:
    """An environment that holds the wheel, and sees this environment's libraries."""
    folder = tmp_path_factory.mktemp("environment") / "env"
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text("\n".join(site.getsitepackages()) + "\n", "utf-8")
    command = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--no-deps", "--no-index", str(wheel)]
    done = _run(command, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_wheel_holds_the_code_and_the_data(wheel):
    """Every tracked file of src/hushmap and of probes/ is in the wheel, the licence too, and no test is."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    files = [path.relative_to(ROOT).as_posix() for path in tracked(ROOT)]
    code = {name.removeprefix("src/") for name in files if name.startswith("src/hushmap/")}
    data = {f"hushmap/{name}" for name in files if name.startswith("probes/")}
    assert len(code) >= len(modules(ROOT))
    assert len(data) >= 10
    assert (code | data) - names == set()
    assert [name for name in names if name.startswith("tests/")] == []
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_a_plan_is_made_from_the_wheel(environment, tmp_path):
    """`hushmap plan sites-global` works from the wheel, outside the checkout, and sends nothing."""
    python, hushmap = environment / "bin" / "python", environment / "bin" / "hushmap"
    where = _run([str(python), "-c", "import hushmap; print(hushmap.__file__)"], tmp_path).stdout.strip()
    assert Path(where).is_relative_to(environment), "the checkout was imported, not the wheel"
    folders = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "d"), "XDG_CONFIG_HOME": str(tmp_path / "c")}
    plan = _run([str(hushmap), "plan", "sites-global"], tmp_path, **folders)
    assert plan.returncode == 0, plan.stderr
    assert "sites-global" in plan.stdout
    assert "Nothing has been sent" in plan.stdout
    as_json = _run([str(hushmap), "plan", "sites-global", "--json"], tmp_path, **folders)
    assert json.loads(as_json.stdout)["targets"]

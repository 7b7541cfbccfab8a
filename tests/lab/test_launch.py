"""The launcher by doing: who is where, what cannot leak, and that everything ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hushmap.lab import Lab, LabError, load_scenario

DEMO = load_scenario("demo").quiet()


def shell(lab, script, **options):
    """Run a shell script in the client; its output."""
    client = lab.client(["sh", "-c", script], stdout=subprocess.PIPE, text=True, **options)
    out, _ = client.communicate(timeout=20)
    return out


def inhabitants(namespace):
    """Processes in a pid namespace, as the host's /proc shows them."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str((entry / "ns/pid").readlink()) == namespace:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def gone(condition, seconds=5.0):
    """Whether `condition()` becomes false in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(scope="module")
def lab(lab_of):
    """One lab for what does not harm it."""
    with lab_of(DEMO) as running:
        yield running


def test_pytest_itself_is_never_unshared(lab):
    """The client is in namespaces of its own; this process is where it was born."""
    ours = {kind: str(Path(f"/proc/self/ns/{kind}").readlink()) for kind in ("net", "mnt", "pid")}
    theirs = {kind: str(Path(f"/proc/{lab._pid}/ns/{kind}").readlink()) for kind in ours}
    assert not set(ours.values()) & set(theirs.values())
    assert ours["net"] == str(Path(f"/proc/{os.getppid()}/ns/net").readlink())


def test_the_client_has_one_line_and_it_leads_into_the_lab(lab, ask):
    """Two devices, nothing of the host's; an address outside the lab is silence."""
    assert shell(
        lab, "ls /sys/class/net 2>/dev/null; tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' ' | sort"
    ).split()[-2:] == ["lo", "wan"]
    (outside,) = ask(lab, ["tcp", "192.0.2.1", 443, 0.5])
    assert outside[0] == "timeout"


def test_a_name_that_only_the_host_knows_is_unknown_inside(lab, ask):
    """The host's own name, its hosts file and its sockets under /run are hidden; the lab's names are found."""
    host_names = {socket.gethostname()}
    for line in Path("/etc/hosts").read_text("utf-8").splitlines():
        host_names |= {name for name in line.partition("#")[0].split()[1:] if "localhost" not in name}
    names = sorted(name for name in host_names if name)
    assert names, "this host knows at least its own name"
    *unknown, known = ask(lab, *[["system", name] for name in names], ["system", "news-one.example"])
    assert unknown == ["gaierror"] * len(names)
    assert known == ["198.51.100.20"]
    assert shell(lab, "cat /etc/resolv.conf").startswith("nameserver 198.51.100.53\n")
    assert shell(lab, "ls /run").split() in ([], ["hushmap-lab"])


def test_a_socket_of_the_host_cannot_be_reached(lab):
    """Unix sockets cross network namespaces: one under /run (as nscd has) is not there."""
    path = "/run/hushmap-test-socket"
    if not os.access("/run", os.W_OK):
        pytest.skip("this user cannot make a socket under /run")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        try:
            assert "gone" in shell(lab, f"test -e {path} && echo there || echo gone")
        finally:
            Path(path).unlink()


def test_a_client_is_a_process_like_any_other(lab, tmp_path):
    """Standard input, exit status, working folder, environment; a missing command is 127."""
    client = lab.client(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert client.communicate("hello", timeout=10)[0] == "hello"
    assert lab.client(["sh", "-c", "exit 7"]).wait(10) == 7
    assert lab.client(["no-such-command"], stderr=subprocess.DEVNULL).wait(10) == 127
    assert shell(lab, "pwd; echo $MARK $HUSHMAP_SCALE", env={"MARK": "x"}, cwd=tmp_path).split() == [
        str(tmp_path),
        "x",
        "5",
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_signals_reach_the_client(lab, number):
    """What is sent to the stand-in ends the command, and the stand-in ends by the same signal."""
    client = lab.client(["sh", "-c", "echo ready; exec sleep 60"], stdout=subprocess.PIPE)
    client.stdout.readline()
    before = inhabitants(str(Path(f"/proc/{lab._pid}/ns/pid").readlink()))
    client.send_signal(number)
    assert client.wait(10) == -number
    client.stdout.close()
    assert gone(lambda: len(inhabitants(str(Path(f"/proc/{lab._pid}/ns/pid").readlink()))) >= len(before))


def test_stopping_ends_everything_that_was_in_it(lab_of):
    """After stop no process is left in its namespace, clients included, and its folder is gone."""
    with lab_of(DEMO) as lab:
        namespace, folder = str(Path(f"/proc/{lab._pid}/ns/pid").readlink()), lab.folder
        client = lab.client(["sh", "-c", "sleep 60 & setsid sleep 60"])
        assert gone(lambda: len(inhabitants(namespace)) < 6), "path, internet, holder, shell and two sleeps"
    assert inhabitants(namespace) == []
    assert client.wait(5) == -signal.SIGKILL
    assert not folder.exists()
    assert lab.truth() == []


def test_a_killed_launcher_takes_everything_along(lab_of):
    """After kill -9 on the launcher the kernel ends path, internet and clients; stop says that it ended by itself."""
    with lab_of(DEMO):
        pass
    lab = Lab(DEMO).start()
    namespace = str(Path(f"/proc/{lab._pid}/ns/pid").readlink())
    client = lab.client(["sh", "-c", "echo ready; exec sleep 60"], stdout=subprocess.PIPE)
    client.stdout.readline()
    lab._launched.process.kill()
    assert client.wait(5) == -signal.SIGKILL
    assert gone(lambda: inhabitants(namespace))
    client.stdout.close()
    assert not lab.running
    late = lab.client(["true"], stderr=subprocess.PIPE, text=True)
    assert late.communicate(timeout=5)[1] == "the lab has ended\n"
    assert late.returncode == 1
    with pytest.raises(LabError, match="ended by itself"):
        lab.stop()
    assert not lab.folder.exists()


def test_a_killed_caller_leaves_nothing_behind(lab_of, tmp_path):
    """After kill -9 on the program that holds the lab: the launcher sees the end of its input and ends all."""
    with lab_of(DEMO):
        pass
    script = (
        "import sys, time; from hushmap.lab import Lab; lab = Lab('demo').start(); lab.client(['sleep', '60']);"
        "print(lab._pid, lab.folder, flush=True); time.sleep(60)"
    )
    source = Path(__file__).resolve().parents[2] / "src"
    caller = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(source), "TMPDIR": str(tmp_path)},
    )
    pid, folder = caller.stdout.readline().split()
    namespace = str(Path(f"/proc/{pid}/ns/pid").readlink())
    caller.kill()
    caller.wait(5)
    caller.stdout.close()
    assert gone(lambda: inhabitants(namespace) or Path(folder).exists())


def test_two_labs_stand_side_by_side(lab, lab_of, ask):
    """Each has its own network: a censor of one is not in the other."""
    with lab_of(DEMO.uncensored()) as other:
        check = ["tls", "named-one.example", "198.51.100.56"]
        assert ask(lab, check) == ["ConnectionResetError"]
        assert ask(other, check) == ["ok"]


def test_an_owner_other_than_root_is_dropped_to(lab):
    """What sudo would do: the entered command gives up root for its owner."""
    if os.geteuid() != 0 or Path("/proc/self/uid_map").read_text("ascii").split() != ["0", "0", "4294967295"]:
        pytest.skip("only true root can give itself up")
    command = [sys.executable, "-m", "hushmap.lab.enter", str(lab._pid), "0:0", "--", "id", "-u"]
    env = {**os.environ, **lab.environment}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=10)
    assert done.returncode in {0, 127}, "a user namespace of one user forbids setgroups, which is 127"

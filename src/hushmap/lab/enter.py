"""Runs a command inside the client's namespaces: `python -m hushmap.lab.enter PID OWNER -- COMMAND ...`.

The command must be born there: a process namespace takes in only new children, so this program joins, forks, and
stands in for its child outside: it passes signals on, and ends as the child did. If it is killed, so is the child.
"""

import os
import signal
import sys

from hushmap.lab.namespaces import NEWNET, NEWNS, NEWPID, NEWUSER, die_with_parent, setns

_KINDS = (("user", NEWUSER), ("mnt", NEWNS), ("net", NEWNET), ("pid", NEWPID))
_PASSED_ON = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2}


def main() -> int:
    """Join, fork, wait."""
    pid, owner, _, *command = sys.argv[1:]
    folder = os.getcwd()  # noqa: PTH109 (the folder by name, for it is entered again in another mount namespace)
    try:
        _join(pid)
    except FileNotFoundError:
        sys.stderr.write("the lab has ended\n")
        return 1
    os.chdir(folder)
    signal.pthread_sigmask(signal.SIG_BLOCK, _PASSED_ON | {signal.SIGCHLD})
    child = os.fork()
    if child == 0:
        _become_command(owner, command)
    return _stand_in(child)


def _join(pid: str) -> None:
    """Join every namespace in which the process is and we are not."""
    files = []
    for name, kind in _KINDS:
        theirs = os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY | os.O_CLOEXEC)
        if os.fstat(theirs).st_ino != os.stat(f"/proc/self/ns/{name}").st_ino:  # noqa: PTH116 (a namespace, not a path)
            files.append((theirs, kind))
    for file, kind in files:
        setns(file, kind)


def _become_command(owner: str, command: list[str]) -> None:
    """Give up root if we came by sudo, and become the command; exit 127 if there is none, as a shell does."""
    try:
        if owner != "-":
            uid, gid = (int(part) for part in owner.split(":"))
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        die_with_parent()
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.execvp(command[0], command)  # noqa: S606 (the caller's command, as given)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        sys.stderr.flush()
    finally:
        os._exit(127)


def _stand_in(child: int) -> int:
    """Pass on what was sent to us alone; what the terminal sends reaches the child by itself."""
    while True:
        info = signal.sigwaitinfo(_PASSED_ON | {signal.SIGCHLD})
        if info.si_signo != signal.SIGCHLD:
            if info.si_code <= 0:  # SI_USER and the like: from a process, not from the terminal driver
                os.kill(child, info.si_signo)
            continue
        ended, status = os.waitpid(child, os.WNOHANG | os.WUNTRACED)
        if ended and os.WIFSTOPPED(status):  # Ctrl-Z: stop as the child did, go on with it
            os.kill(os.getpid(), signal.SIGSTOP)
            os.kill(child, signal.SIGCONT)
        elif ended:
            return _end_as(status)


def _end_as(status: int) -> int:
    """Die by the child's signal, or give its exit status."""
    if not os.WIFSIGNALED(status):
        return os.WEXITSTATUS(status)
    number = os.WTERMSIG(status)
    signal.signal(number, signal.SIG_DFL) if number not in {signal.SIGKILL, signal.SIGSTOP} else None
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
    os.kill(os.getpid(), number)
    return 128 + number


if __name__ == "__main__":
    sys.exit(main())

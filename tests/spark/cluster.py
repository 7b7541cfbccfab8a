"""A Spark cluster of the test's own: a master and two workers as processes, on loopback, ended by their ids."""

import contextlib
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pyspark

HOME = Path(pyspark.__file__).parent
LOOPBACK = "127.0.0.1"
WORKERS = 2
PATIENCE = 120
"""Seconds for a Java machine to begin on a busy computer; 3 are usual."""


class Daemon:
    """One process of a cluster, whose log is read as it comes."""

    def __init__(self, name: str, words: list[str], folder: Path) -> None:
        env = os.environ | {
            "SPARK_HOME": str(HOME),
            "SPARK_LOCAL_IP": LOOPBACK,
            "SPARK_WORKER_DIR": str(folder / name),
            "SPARK_LOCAL_DIRS": str(folder / f"{name}-local"),
            "SPARK_DAEMON_MEMORY": "512m",
        }
        command = [str(HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{words[0]}", "--host", LOOPBACK]
        self._process = subprocess.Popen(
            [*command, "--webui-port", "0", *words[1:]],
            cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        self._changed = threading.Condition()
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            with self._changed:
                self.lines.append(line)
                self._changed.notify_all()

    def says(self, pattern: str, times: int = 1) -> re.Match[str]:
        """Wait until its log has said something so often."""
        with self._changed:
            there = self._changed.wait_for(lambda: len(self._found(pattern)) >= times, PATIENCE)
            assert there, f"{pattern!r} was not said:\n{''.join(self.lines[-40:])}"
            return self._found(pattern)[times - 1]

    def _found(self, pattern: str) -> list[re.Match[str]]:
        return [match for line in self.lines if (match := re.search(pattern, line))]

    def end(self) -> None:
        """End it, and wait until it has; spark-class becomes the Java machine itself, so there is one process."""
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stdout.close()


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The master's URL, once both workers stand."""
    with contextlib.ExitStack() as ends:
        master = Daemon("master", ["master.Master", "--port", "0"], folder)
        ends.callback(master.end)
        url = master.says(r"Starting Spark master at (spark://[\d.:]+)")[1]
        for number in range(WORKERS):
            words = ["worker.Worker", "--cores", "1", "--memory", "1g", url]
            ends.callback(Daemon(f"worker-{number}", words, folder).end)
        master.says("Registering worker", WORKERS)
        yield url

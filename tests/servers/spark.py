# SPDX-License-Identifier: EUPL-1.2
"""A stand-alone Spark cluster on loopback: a master and workers, each a process of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

_WAIT, _PAUSE = 120.0, 0.5  # seconds
_HERE = "127.0.0.1"
_DEPLOY = "org.apache.spark.deploy"


def why_not() -> str:
    """Say why no cluster can be started here, or nothing when one can."""
    if shutil.which("java") is None:
        return "no Java: apt install default-jre-headless"
    return "" if importlib.util.find_spec("pyspark") else "no PySpark: ./run test brings it"


@contextmanager
def running(folder: Path, *, workers: int = 2, memory: str = "1g") -> Iterator[str]:
    """Start a cluster of workers with one core each; give the address of its master."""
    port, page = _free_port(), _free_port()
    address = f"spark://{_HERE}:{port}"
    processes = [_begun(folder, "master", ["--port", str(port), "--webui-port", str(page)])]
    try:
        _await(processes[0], page, workers=0)
        for number in range(workers):
            room = folder / f"worker-{number}"
            told = ["--cores", "1", "--memory", memory, "--work-dir", str(room), "--webui-port", "0", address]
            processes.append(_begun(folder, f"worker-{number}", told, kind="worker.Worker"))
        _await(processes[0], page, workers=workers)
        yield address
    finally:
        for each in reversed(processes):
            each.terminate()
        for each in processes:
            with suppress(subprocess.TimeoutExpired):
                each.wait(_WAIT)


def _begun(
    folder: Path, name: str, told: list[str], *, kind: str = "master.Master"
) -> subprocess.Popen[bytes]:
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise RuntimeError("PySpark is there when why_not says nothing")
    home = Path(found.origin).parent
    words = [str(home / "bin" / "spark-class"), f"{_DEPLOY}.{kind}", "--host", _HERE, *told]
    # Apart from the cluster of anybody else on this machine, in what it reads and where it writes.
    surroundings = os.environ | {
        "SPARK_HOME": str(home), "SPARK_LOCAL_IP": _HERE, "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_CONF_DIR": str(folder), "PYSPARK_PYTHON": sys.executable,
    }  # fmt: skip
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=surroundings)


def _await(master: subprocess.Popen[bytes], page: int, *, workers: int) -> None:
    until = time.monotonic() + _WAIT
    while time.monotonic() < until and master.poll() is None:
        if _alive(page) >= workers:
            return
        time.sleep(_PAUSE)
    raise TimeoutError(f"a cluster of {workers} workers did not come up")


def _alive(page: int) -> int:
    """Ask the page of the master how many workers it has; -1 when it does not answer yet."""
    try:
        with urllib.request.urlopen(f"http://{_HERE}:{page}/json/", timeout=2) as answer:
            return int(json.load(answer)["aliveworkers"])
    except (OSError, ValueError):
        return -1


def _free_port() -> int:
    with closing(socket.socket()) as trial:
        trial.bind((_HERE, 0))
        return int(trial.getsockname()[1])

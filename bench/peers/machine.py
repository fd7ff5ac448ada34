"""What a table of timings must say about where it was made."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("torch", "jax", "stable_baselines3", "sbx-rl", "gymnasium", "mujoco")


def processor():
    """The processor's name, as the system gives it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"


def vector_instructions():
    """The widest of the vector instruction sets that matter here."""
    flags = set(Path("/proc/cpuinfo").read_text().split())
    return next((name for name in ("avx512f", "avx2", "avx") if name in flags), "none")


def gpu():
    """The first GPU's name, or None."""
    try:
        command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return None


def load():
    """How many processes wanted a core in the last minute."""
    return os.getloadavg()[0]


def describe(with_libraries):
    """Everything as a dictionary, for the table and for --json; with the versions of Python's libraries or without."""
    return {
        "processor": processor(),
        "vector_instructions": vector_instructions(),
        "cores": len(os.sched_getaffinity(0)),
        "gpu": gpu(),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in LIBRARIES} if with_libraries else {},
        "load_before": load(),
    }

"""RLtools as a contender: its own SAC program for Pendulum, from a checkout that the user has."""

import os
import subprocess
from pathlib import Path

from machine import vector_instructions

NAME = "rltools"
PENDULUM = "src/rl/environments/pendulum/sac/cpu/training.h"
# What its CMakeLists.txt gives rl_environments_pendulum_sac_benchmark.
FLAGS = ["-std=c++17", "-O3", "-ffast-math", "-march=native", "-Ofast", "-DBENCHMARK"]
FLAGS += ["-DRL_TOOLS_BACKEND_ENABLE_OPENBLAS", "-DRL_TOOLS_BACKEND_ENABLE_BLAS"]
FLAGS += ["-DRL_TOOLS_DISABLE_HDF5", "-DRL_TOOLS_DISABLE_TENSORBOARD"]


class CannotBuild(Exception):
    """One line that says what is missing."""


def build(checkout, folder, hidden, batch):
    """Compiles the program for one size into `folder`; its path."""
    header = checkout.resolve() / PENDULUM
    if not header.exists():
        raise CannotBuild(f"--rltools {checkout}: no {PENDULUM} there; expected a checkout of RLtools")
    source = Path(__file__).with_name("rltools_worker.cpp")
    program = folder / f"rltools_worker_{hidden}_{batch}"
    sizes = [f"-DSAC_HIDDEN={hidden}", f"-DSAC_BATCH={batch}", f'-DRLTOOLS_PENDULUM="{header}"']
    compiler = [os.environ.get("CXX", "c++"), *FLAGS, *sizes, "-I", checkout / "include"]
    link = [source, "-o", program, "-lopenblas"]
    done = subprocess.run([*compiler, *link], capture_output=True, text=True)
    if done.returncode != 0:
        if "-lopenblas" in done.stderr:
            raise CannotBuild("--rltools: OpenBLAS is missing; on Debian: apt-get install libopenblas-dev")
        error = next((line for line in done.stderr.splitlines() if "error" in line), "the compiler failed")
        raise CannotBuild(f"--rltools {checkout}: {error}")
    return program


def environment():
    """One thread, and the kernels for this processor: older OpenBLAS takes those for AVX2 on a Zen 4."""
    variables = {"OPENBLAS_NUM_THREADS": "1"}
    if vector_instructions() == "avx512f":
        variables["OPENBLAS_CORETYPE"] = "SkylakeX"
    return {**os.environ, **variables}


def commit(checkout):
    """Which RLtools this is; "unknown" where it is no repository."""
    command = ["git", "-C", checkout, "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else "unknown"

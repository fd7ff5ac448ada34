#!/usr/bin/env python3
"""Compares sac_cuda.VectorEnv with EnvPool and Gymnasium's own vector environment: steps of Pendulum-v1 per second
into NumPy. They take turns, as in compare.py, whose tables these are. `make peers-environments` runs it."""

import argparse
import shlex
import sys
from importlib.metadata import version

import machine
import report
from compare import positive, take_turns
from contenders import HERE, ContenderFailed, StepWorker, flags
from environment_worker import MAKERS

LIBRARIES = ("numpy", "gymnasium", "envpool")


def worker(library, task, envs, threads):
    options = {"task": task, "envs": envs, "threads": threads}
    return StepWorker(library, [sys.executable, HERE / "environment_worker.py", library, *flags(options)], threads)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envs", type=positive(int), default=4096, help="default: %(default)s")
    parser.add_argument("--threads", type=positive(int), nargs="+", default=[1, 2], help="default: 1 2")
    parser.add_argument("--pairs", type=positive(int), default=7, help="samples of each (default: %(default)s)")
    parser.add_argument("--seconds", type=positive(float), default=1.0, help="per sample (default: %(default)s)")
    a = parser.parse_args()
    where = machine.describe(with_libraries=False) | {"versions": {name: version(name) for name in LIBRARIES}}
    tables = []
    try:
        for threads in a.threads:
            starts = [lambda library=library: worker(library, "Pendulum-v1", a.envs, threads) for library in MAKERS]
            title = f"steps of Pendulum-v1, {a.envs} environments, {report.threads(threads)}"
            tables.append(report.rates_table(title, take_turns(a, starts)))
    except ContenderFailed as failure:
        sys.exit(f"compare_environments: {failure}")
    where["load_after"] = machine.load()
    command = shlex.join(["bench/peers/compare_environments.py", *sys.argv[1:]])
    print("\n\n".join("\n".join(lines) for lines in [report.heading(where, command), *tables]))


if __name__ == "__main__":
    main()

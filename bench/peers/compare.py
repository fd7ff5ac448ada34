#!/usr/bin/env python3
"""Compares sac_cuda with what people would use instead: gradient steps per second against the same step
in PyTorch and JAX, time to solve a task against Stable-Baselines3 and SBX.

Contenders take turns, one sample or one training run each, so that a slow moment of the machine falls
on all of them; while one works, the others sleep. Before any timing the steps of PyTorch and JAX are
checked against the golden step files. Prints Markdown; progress goes to stderr.

With --rltools also environment and gradient steps per second against RLtools' own program, one environment,
one gradient step per environment step, one thread."""

import argparse
import json
import shlex
import subprocess
import sys
import time
from pathlib import Path

import machine
import report
import rltools
from contenders import HERE, OURS, ContenderFailed, StepWorker, step_command, time_to_solve
from peers import peers_on

SIZES = ((256, 256), (64, 100))
TASKS = ("Pendulum-v1", "InvertedPendulum-v5")
LIBRARIES = ("sb3", "sbx")


def parse_arguments():
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    add = parser.add_argument
    add("--only", choices=("steps", "solve", "rltools"), help="one part of the comparison (default: all)")
    add("--rltools", type=Path, metavar="DIR", help="a checkout of rl-tools/rl-tools, to be compared too")
    add("--pairs", type=positive(int), default=5, help="samples of each contender (default: %(default)s)")
    add("--seconds", type=positive(float), default=1.0, help="per sample (default: %(default)s)")
    add("--threads", type=positive(int), nargs="+", default=[1, 2], help="for gradient steps (default: 1 2)")
    add("--seeds", type=positive(int), default=5, help="training runs of each (default: %(default)s)")
    add("--solve-threads", type=positive(int), default=2, help="for training (default: %(default)s)")
    add("--cap", type=positive(float), default=120, help="seconds per training run (default: %(default)s)")
    add("--device", choices=("cpu", "cuda"), default="cpu", help="default: %(default)s")
    build = HERE.parents[1] / "build"
    add("--build", type=Path, default=build, help="where our programs are (default: %(default)s)")
    add("--json", type=Path, metavar="FILE", help="also write every sample here")
    arguments = parser.parse_args()
    if arguments.only == "rltools" and not arguments.rltools:
        parser.error("--only rltools: needs --rltools DIR")
    for program in ("sac_cuda", "sac_step_worker"):
        if not (arguments.build / program).exists():
            parser.error(f"--build {arguments.build}: no {program} there; `make peers` builds it")
    return arguments


def positive(number):
    def parse(text):
        value = number(text)
        if not value > 0:
            raise ValueError
        return value

    parse.__name__ = f"positive {number.__name__}"
    return parse


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def check_peers(device):
    say("checking the gradient steps of PyTorch and JAX")
    check = [sys.executable, HERE / "check.py", "--device", device]
    done = subprocess.run(check, stdout=sys.stderr, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{done.stderr}compare: check.py did not find the gradient steps right, so nothing is timed")


def compare_steps(a, hidden, batch, threads):
    """Rates of all contenders at one size: name to a list with one rate per pair."""
    say(f"gradient steps: hidden {hidden}, batch {batch}, {report.threads(threads)}")
    options = {"device": a.device, "hidden": hidden, "batch": batch, "threads": threads}
    starts = [
        lambda name=name: StepWorker(name, step_command(name, a.build, options), threads)
        for name in (OURS, *peers_on(a.device))
    ]
    return {"hidden": hidden, "batch": batch, "threads": threads, **take_turns(a, starts)}


def compare_rltools(a, hidden, batch):
    """The same of RLtools and us: one environment of Pendulum-v1, a gradient step per environment step."""
    say(f"RLtools: hidden {hidden}, batch {batch}, 1 thread")
    program = rltools.build(a.rltools, a.build, hidden, batch)
    options = {"device": "cpu", "hidden": hidden, "batch": batch, "threads": 1}
    ours = step_command(OURS, a.build, {**options, "env": "Pendulum-v1", "updates-per-step": 1})
    starts = [
        lambda: StepWorker(OURS, ours, 1),
        lambda: StepWorker(rltools.NAME, [program], 1, rltools.environment()),
    ]
    return {"hidden": hidden, "batch": batch, "commit": rltools.commit(a.rltools), **take_turns(a, starts)}


def take_turns(a, starts):
    """Starts the workers, and takes a.pairs samples of each: name to rates, compile times and descriptions."""
    workers = []
    try:
        for start in starts:
            workers.append(start())
            say(f"  {workers[-1].name} is ready")
        samples = {worker.name: [] for worker in workers}
        for pair in range(a.pairs):
            # There and back, so that a machine that slows down or speeds up favours nobody.
            for worker in workers if pair % 2 == 0 else reversed(workers):
                samples[worker.name].append(worker.steps_per_second(a.seconds))
            latest = ", ".join(f"{name} {rates[-1]:.0f}" for name, rates in samples.items())
            say(f"  {pair + 1} of {a.pairs}: {latest}")
    finally:
        for worker in workers:
            worker.close()
    return {
        "samples": samples,
        "compile_seconds": {worker.name: worker.compile_seconds for worker in workers},
        "descriptions": {worker.name: worker.description for worker in workers},
    }


def compare_solving(a, env):
    """Training runs of all contenders on one task: name to a list with one run per seed."""
    say(f"time to solve {env}: {report.threads(a.solve_threads)}, cap {a.cap:g} s")
    runs = {name: [] for name in (OURS, *LIBRARIES)}
    for seed in range(a.seeds):
        for name in runs:
            run = time_to_solve(name, a.build, a.device, env, seed, a.solve_threads, a.cap)
            runs[name].append(run)
            outcome = "solved in" if run["solved"] else "not solved in"
            steps = f"{run['env_steps']} environment steps"
            say(f"  seed {seed}, {name}: {outcome} {run['seconds']:.1f} s, {steps}")
    return {"env": env, "threads": a.solve_threads, "runs": runs}


def main():
    a = parse_arguments()
    command = shlex.join(["bench/peers/compare.py", *sys.argv[1:]])
    with_libraries = a.only != "rltools"
    results = {"command": command, "machine": machine.describe(with_libraries)}
    results["steps"], results["rltools"], results["solve"] = [], [], []
    try:
        if a.only in (None, "steps"):
            check_peers(a.device)
            for threads in a.threads:
                results["steps"] += [compare_steps(a, hidden, batch, threads) for hidden, batch in SIZES]
        if a.rltools and a.only in (None, "rltools"):
            results["rltools"] = [compare_rltools(a, hidden, batch) for hidden, batch in SIZES]
        if a.only in (None, "solve"):
            results["solve"] = [compare_solving(a, env) for env in TASKS]
    except (ContenderFailed, rltools.CannotBuild) as failure:
        sys.exit(f"compare: {failure}")
    results["machine"]["load_after"] = machine.load()

    parts = [report.heading(results["machine"], results["command"])]
    parts += [report.steps_table(case) for case in results["steps"]]
    parts += [report.rltools_table(case) for case in results["rltools"]]
    parts += [report.solve_table(case, a.cap) for case in results["solve"]]
    print("\n\n".join("\n".join(lines) for lines in parts))
    if a.json:
        a.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()

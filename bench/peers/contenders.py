"""Contenders as processes: one that is asked for samples, and one that runs once to the end."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OURS = "sac_cuda"


class ContenderFailed(Exception):
    """One line that says which contender, and what its last words were."""


def pinned_to(threads):
    """Keeps a child on as many cores as it has threads, so that no library can take more."""
    cores = sorted(os.sched_getaffinity(0))[:threads]
    return lambda: os.sched_setaffinity(0, cores)


class StepWorker:
    """A process that does gradient steps when asked (step_worker.py has the protocol)."""

    def __init__(self, name, command, threads, environment=None):
        self.name = name
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            env=environment,
            preexec_fn=pinned_to(threads),
        )
        ready = self._answer()
        self.compile_seconds = ready["compile_seconds"]
        self.description = ready.get("description", "")

    def steps_per_second(self, seconds):
        """One sample of about so many seconds."""
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        answer = self._answer()
        return answer["steps"] / answer["seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.log.seek(0)
            raise ContenderFailed(f"{self.name}: {last_line(self.log.read())}")
        return json.loads(line)


def step_command(name, build, options):
    """What starts the step worker of a contender: ours, or one of step_worker.py's."""
    program = [build / "sac_step_worker"] if name == OURS else [sys.executable, HERE / "step_worker.py", name]
    return [*program, *flags(options)]


def time_to_solve(name, build, device, env, seed, threads, cap):
    """One training run: a dictionary with solved, seconds, compile_seconds, env_steps."""
    if name == OURS:
        return _time_to_solve_ours(build, device, env, seed, threads, cap)
    options = {"env": env, "seed": seed, "threads": threads, "cap": cap}
    output = _run(name, [sys.executable, HERE / "solve_worker.py", name, *flags(options)], threads)
    return json.loads(output.splitlines()[-1])


def _time_to_solve_ours(build, device, env, seed, threads, cap):
    with tempfile.TemporaryDirectory() as directory:
        options = {"device": device, "env": env, "seed": seed, "threads": threads}
        options |= {"time-limit": cap, "out": directory}
        _run(OURS, [build / "sac_cuda", "train", "--quiet", *flags(options)], threads)
        summary = json.loads((Path(directory) / "summary.json").read_text())
    seconds = summary["seconds_to_solve"] if summary["solved"] else summary["train_seconds"]
    return {
        "solved": summary["solved"],
        "seconds": seconds,
        "compile_seconds": 0.0,
        "env_steps": summary["env_steps"],
        "mean_return": summary["eval_return_mean"],
    }


def _run(name, command, threads):
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=pinned_to(threads))
    if done.returncode != 0:
        raise ContenderFailed(f"{name}: {last_line(done.stderr)}")
    return done.stdout


def flags(options):
    """A dictionary as command-line options."""
    return [f"--{key}={value}" for key, value in options.items()]


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "ended without a word"

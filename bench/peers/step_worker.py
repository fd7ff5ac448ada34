#!/usr/bin/env python3
"""Gradient steps of a Python contender, timed sample by sample.

The protocol of all workers (step_worker.cpp too): one JSON line when everything is compiled and warm;
then, for each line on stdin that holds a number of seconds, one JSON line with the steps done and the
seconds they took. Between samples a worker waits for its next line and uses no processor."""

import argparse
import json
import os
import sys
import time

# A compile time that is told must not come from an earlier run's cache.
os.environ["TORCHINDUCTOR_FORCE_DISABLE_CACHES"] = "1"

from peers import PEERS, make_step
from problem import Problem, initial_parameters, replay_rows

STEPS_PER_CALL = 20
"""Steps between two looks at the clock, as in step_worker.cpp."""


def sample(step, wanted):
    steps, begin = 0, time.perf_counter()
    while (seconds := time.perf_counter() - begin) < wanted:
        step.run(STEPS_PER_CALL)
        steps += STEPS_PER_CALL
    return {"steps": steps, "seconds": seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--hidden", type=int, default=256)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--threads", type=int, default=1)
    a = parser.parse_args()
    if a.peer.startswith("torch"):
        import torch

        torch.set_num_threads(a.threads)
    problem = Problem(hidden=a.hidden, batch=a.batch)
    parameters, replay = initial_parameters(problem), replay_rows(problem)

    begin = time.perf_counter()
    step = make_step(a.peer, problem, parameters, replay, a.device)
    step.run(STEPS_PER_CALL)
    first = time.perf_counter() - begin
    again = sample(step, 0.1)
    # The first call compiles and runs STEPS_PER_CALL steps; what these take is no compilation.
    compile_seconds = max(0.0, first - again["seconds"] / again["steps"] * STEPS_PER_CALL)
    print(json.dumps({"compile_seconds": compile_seconds}), flush=True)
    for line in sys.stdin:
        print(json.dumps(sample(step, float(line))), flush=True)


if __name__ == "__main__":
    main()

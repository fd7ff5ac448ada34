#!/usr/bin/env python3
"""Steps of a vector environment into NumPy, timed sample by sample; step_worker.py has the protocol."""

import argparse
import json
import sys
import time
import warnings

import numpy as np

CALLS_PER_LOOK = 4
"""Vector steps between two looks at the clock."""


def ours(task, envs, threads):
    import sac_cuda

    return sac_cuda.VectorEnv(task, envs, threads=threads)


def envpool(task, envs, threads):
    import envpool

    return envpool.make(task, env_type="gymnasium", num_envs=envs, num_threads=threads)


def gymnasium(task, envs, threads):
    """One process, one environment after the other. A process for each, the other way that Gymnasium has, is not
    for thousands."""
    import gymnasium

    return gymnasium.make_vec(task, num_envs=envs, vectorization_mode="sync")


MAKERS = {"sac_cuda": ours, "envpool": envpool, "gymnasium": gymnasium}


def sample(step, envs, wanted):
    steps, begin = 0, time.perf_counter()
    while (seconds := time.perf_counter() - begin) < wanted:
        for _ in range(CALLS_PER_LOOK):
            step()
        steps += CALLS_PER_LOOK * envs
    return {"steps": steps, "seconds": seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", choices=MAKERS)
    parser.add_argument("--task", required=True)
    parser.add_argument("--envs", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    a = parser.parse_args()
    warnings.simplefilter("ignore")
    environment = MAKERS[a.library](a.task, a.envs, a.threads)
    environment.reset()
    actions = np.random.default_rng(0).uniform(-1, 1, (a.envs, 1)).astype(np.float32)

    def step():
        obs, reward, *_ = environment.step(actions)
        assert len(obs) == len(reward) == a.envs

    sample(step, a.envs, 0.2)
    print(json.dumps({"compile_seconds": 0.0}), flush=True)
    for line in sys.stdin:
        print(json.dumps(sample(step, a.envs, float(line))), flush=True)


if __name__ == "__main__":
    main()

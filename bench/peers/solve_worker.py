#!/usr/bin/env python3
"""Time to solve a task with SAC of Stable-Baselines3 or SBX, as they come. Prints one JSON line.

The clock runs while the library trains, environment steps included; evaluations are outside it, as
they are in `sac_cuda train`, and so is what JAX takes to trace and compile."""

import argparse
import json
import time

import gymnasium
import numpy as np
from stable_baselines3.common.callbacks import BaseCallback

# The criterion of `sac_cuda`: deterministic episodes from fresh start states, and their mean return.
TASKS = {
    "Pendulum-v1": {"episodes": 100, "solved_at": -200.0},
    "InvertedPendulum-v5": {"episodes": 64, "solved_at": 950.0},
}
# RL Baselines3 Zoo's values where it has some for the task; the libraries' defaults elsewhere.
HYPERPARAMETERS = {"Pendulum-v1": {"learning_rate": 1e-3}, "InvertedPendulum-v5": {}}
STEPS_BETWEEN_EVALUATIONS = 250


class Stopwatch:
    """Seconds of training, less those in which JAX traced and compiled."""

    def __init__(self):
        self.running_since, self.elapsed, self.compiling = None, 0.0, []

    def start(self):
        self.running_since = time.time()

    def stop(self):
        self.elapsed += time.time() - self.running_since
        self.running_since = None

    def note_compilation(self, event, duration, **_):
        """A listener for jax.monitoring: called when something that took `duration` has ended."""
        if self.running_since is not None and event.startswith("/jax/core/compile/"):
            now = time.time()
            self.compiling.append((max(now - duration, self.running_since), now))

    @property
    def compile_seconds(self):
        """Of all compilations together; they nest, so that it is the length of their union."""
        total, end = 0.0, 0.0
        for first, last in sorted(self.compiling):
            total += max(0.0, last - max(first, end))
            end = max(end, last)
        return total

    @property
    def seconds(self):
        running = time.time() - self.running_since if self.running_since is not None else 0.0
        return self.elapsed + running - self.compile_seconds


class Evaluation:
    """Mean return of deterministic episodes, played side by side."""

    def __init__(self, task, seed):
        self.environments = [gymnasium.make(task) for _ in range(TASKS[task]["episodes"])]
        self.seeds = np.random.SeedSequence(seed)

    def mean_return(self, model):
        seeds = self.seeds.spawn(1)[0].generate_state(len(self.environments))
        observations = np.stack(
            [env.reset(seed=int(seed))[0] for env, seed in zip(self.environments, seeds)]
        )
        playing, total = list(range(len(self.environments))), 0.0
        while playing:
            actions, _ = model.predict(observations[playing], deterministic=True)
            for i, action in zip(list(playing), actions):
                observations[i], reward, terminated, truncated, _ = self.environments[i].step(action)
                total += float(reward)
                if terminated or truncated:
                    playing.remove(i)
        return total / len(self.environments)


class UntilSolved(BaseCallback):
    """Evaluates now and then, with the watch stopped; ends training at the threshold or the cap."""

    def __init__(self, task, seed, cap, watch):
        super().__init__()
        self.evaluation, self.solved_at = Evaluation(task, seed), TASKS[task]["solved_at"]
        self.cap, self.watch = cap, watch
        self.solved, self.mean_return = False, None

    def _on_training_start(self):
        self.watch.start()

    def _on_step(self):
        if self.num_timesteps % STEPS_BETWEEN_EVALUATIONS == 0:
            self.watch.stop()
            self.mean_return = self.evaluation.mean_return(self.model)
            self.solved = self.mean_return >= self.solved_at
            self.watch.start()
        return not self.solved and self.watch.seconds < self.cap


def make_model(library, task, seed, threads):
    if library == "sbx":
        from sbx import SAC
    else:
        import torch
        from stable_baselines3 import SAC

        torch.set_num_threads(threads)
    return SAC("MlpPolicy", gymnasium.make(task), seed=seed, **HYPERPARAMETERS[task])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", choices=("sb3", "sbx"))
    parser.add_argument("--env", choices=TASKS, default="Pendulum-v1")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cap", type=float, default=300, help="seconds of training (default: %(default)s)")
    a = parser.parse_args()

    watch = Stopwatch()
    if a.library == "sbx":
        import jax

        jax.monitoring.register_event_duration_secs_listener(watch.note_compilation)
    model = make_model(a.library, a.env, a.seed, a.threads)
    until_solved = UntilSolved(a.env, a.seed, a.cap, watch)
    model.learn(total_timesteps=10**9, callback=until_solved)
    watch.stop()
    result = {
        "solved": until_solved.solved,
        "seconds": watch.seconds,
        "compile_seconds": watch.compile_seconds,
        "env_steps": model.num_timesteps,
        "mean_return": until_solved.mean_return,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()

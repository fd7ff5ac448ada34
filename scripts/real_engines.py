#!/usr/bin/env python3
"""Plays policies that this program has trained in the engines that its tasks come from, through their export.

`make test-engines` runs it; its own set-up is tests/python/engines.txt. For each task: a policy is trained at
hidden 64, exported as ONNX, and played by ONNX Runtime for 100 episodes in the real Gymnasium, MuJoCo or
PyBullet, from that engine's own start states. `sac_cuda evaluate` plays the same policy in our simulators. The
two mean returns may differ by chance alone: by at most three standard errors of their difference.

Usage: real_engines.py SAC_CUDA [--task ID]... [--seed N]
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import gymnasium
import mujoco
import numpy as np
import onnxruntime

from record_engines import Bullet, BulletDouble

EPISODES = 100  # in the real engine
OUR_EPISODES = 1000  # they cost less, and leave the engine's own spread alone to be judged
ALLOWED = 3  # standard errors of the difference


class BulletPendulum:
    """pybullet_envs' InvertedPendulumBulletEnv-v0 and its swing-up. That package still asks for the old gym,
    so what its robot_pendula.py and gym_pendulum_envs.py do is done here, with the physics of Bullet itself."""

    version = f"PyBullet {metadata.version('pybullet')}"
    time_limit = 1000

    def __init__(self, swing_up):
        self.swing_up = swing_up
        self.physics = Bullet()

    def reset(self, seed):
        angle = np.random.default_rng(seed).uniform(-0.1, 0.1)
        self.physics.start(0, 0, 3.1415 + angle if self.swing_up else angle, 0)
        self.steps = 0
        return self._observation()

    def step(self, action):
        """The next observation, the reward, and whether the episode is over."""
        _, fallen = self.physics.step(float(action[0]))
        self.steps += 1
        reward = math.cos(self.physics.state()[2]) if self.swing_up else 1
        return self._observation(), reward, self.steps == self.time_limit or (fallen and not self.swing_up)

    def _observation(self):
        x, vx, theta, theta_dot = self.physics.state()
        return [x, vx, math.cos(theta), math.sin(theta), theta_dot]


class BulletDoublePendulum:
    """pybullet_envs' InvertedDoublePendulumBulletEnv-v0, likewise."""

    version = BulletPendulum.version
    time_limit = BulletPendulum.time_limit

    def __init__(self):
        self.physics = BulletDouble()

    def reset(self, seed):
        theta, gamma = np.random.default_rng(seed).uniform(-0.1, 0.1, 2)
        self.physics.start(0, theta, gamma, 0, 0, 0)
        self.steps = 0
        return self._observation()

    def step(self, action):
        reward, fallen = self.physics.step(float(action[0]))
        self.steps += 1
        return self._observation(), reward, self.steps == self.time_limit or fallen

    def _observation(self):
        x, theta, gamma, vx, theta_dot, gamma_dot = self.physics.state()
        angles = [math.cos(theta), math.sin(theta), theta_dot, math.cos(gamma), math.sin(gamma), gamma_dot]
        return [x, vx, self.physics.observed_beside_state(), *angles]


class Gymnasium:
    """An environment of Gymnasium, with its own start states and time limit."""

    def __init__(self, task, version):
        self.env = gymnasium.make(task)
        self.version = version

    def reset(self, seed):
        return self.env.reset(seed=seed)[0]

    def step(self, action):
        obs, reward, terminated, truncated, _ = self.env.step(action)
        return obs, reward, terminated or truncated


ENGINES = {
    "InvertedPendulumBulletEnv-v0": lambda: BulletPendulum(swing_up=False),
    "InvertedPendulumSwingupBulletEnv-v0": lambda: BulletPendulum(swing_up=True),
    "Pendulum-v1": lambda: Gymnasium("Pendulum-v1", f"Gymnasium {gymnasium.__version__}"),
    "InvertedPendulum-v5": lambda: Gymnasium("InvertedPendulum-v5", f"MuJoCo {mujoco.__version__}"),
    "InvertedDoublePendulumBulletEnv-v0": BulletDoublePendulum,
    "InvertedDoublePendulum-v5": lambda: Gymnasium("InvertedDoublePendulum-v5", f"MuJoCo {mujoco.__version__}"),
}


def played(engine, model):
    """The returns of EPISODES episodes under the exported policy."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    returns = np.zeros(EPISODES)
    for episode in range(EPISODES):
        obs, over = engine.reset(seed=episode), False
        while not over:
            (action,) = session.run(None, {"obs": np.asarray(obs, np.float32)[None]})
            obs, reward, over = engine.step(action[0])
            returns[episode] += reward
    return returns


def check(program, task, seed, folder):
    """Prints a row of the table; True if the engine agrees."""

    def sac_cuda(*arguments):
        command = [program, *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    run, model = folder / task, folder / f"{task}.onnx"
    sac_cuda("--env", task, "--hidden", 64, "--seed", seed, "--out", run, "--quiet", "--save-every", 0)
    sac_cuda("export", run, model)
    ours = json.loads(sac_cuda("evaluate", run, "--episodes", OUR_EPISODES, "--json"))
    engine = ENGINES[task]()
    returns = played(engine, model)
    difference = returns.mean() - ours["return_mean"]
    error = math.hypot(returns.std(ddof=1) / EPISODES**0.5, ours["return_std"] / OUR_EPISODES**0.5)
    agrees = abs(difference) <= ALLOWED * error
    print(f"| `{task}` | {engine.version} | {returns.mean():.1f} ± {returns.std(ddof=1):.1f} "
          f"| {ours['return_mean']:.1f} ± {ours['return_std']:.1f} | {difference:+.1f} | {error:.1f} "
          f"|{'' if agrees else ' **too far**'}", flush=True)  # fmt: skip
    return agrees


def main():
    parser = argparse.ArgumentParser(description="Plays exported policies in the real engines.")
    parser.add_argument("program", metavar="SAC_CUDA", type=Path)
    parser.add_argument("--task", action="append", choices=ENGINES, help="default: all")
    parser.add_argument("--seed", type=int, default=0, help="of the training run")
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    print("| task | engine | return there | return here | difference | its standard error |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        tasks = arguments.task or ENGINES
        agree = [check(program, task, arguments.seed, Path(folder)) for task in tasks]
    if not all(agree):
        sys.exit(f"real_engines: {agree.count(False)} of {len(agree)} tasks: more than {ALLOWED} standard errors apart")


if __name__ == "__main__":
    main()

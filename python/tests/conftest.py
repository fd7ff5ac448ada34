from __future__ import annotations

from pathlib import Path

import pytest
import sac_cuda

ROOT = Path(__file__).parents[2]

# Seconds on any machine: the smallest run that still does everything.
SMALL = dict(env="Pendulum-v1", hidden=8, batch=16, envs=10, warmup=50, eval_every=50, eval_episodes=4,
             quiet=True)  # fmt: skip


@pytest.fixture
def small(tmp_path):
    """Options of a short run into a directory of its own."""
    return {**SMALL, "updates": 200, "out": tmp_path / "run"}


@pytest.fixture(scope="session")
def solved(tmp_path_factory):
    """A run that solves Pendulum-v1."""
    out = tmp_path_factory.mktemp("solved") / "run"
    return sac_cuda.train(env="Pendulum-v1", hidden=64, envs=64, seed=0, quiet=True, out=out)

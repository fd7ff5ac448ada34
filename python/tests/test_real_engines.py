"""Beside the environments that ours stand for: Gymnasium's own, MuJoCo's and PyBullet's."""

from __future__ import annotations

import sys

import gymnasium
import numpy as np
import pytest
import sac_cuda
from sac_cuda.environments import tasks

from conftest import ROOT


class Pendulum:
    """Gymnasium's Pendulum-v1."""

    def __init__(self):
        self.env = gymnasium.make("Pendulum-v1").unwrapped
        self.env.reset(seed=0)

    def step_from(self, obs, action):
        """The next observation, the reward, and whether the task ends there."""
        self.env.state = np.array([np.arctan2(obs[1], obs[0]), obs[2]])
        return self.env.step(action)[:3]


class MuJoCo:
    """One of Gymnasium's on MuJoCo. `state_of` an observation: positions, velocities."""

    def __init__(self, task, state_of):
        self.env, self.state_of = gymnasium.make(task).unwrapped, state_of
        self.env.reset(seed=0)

    def step_from(self, obs, action):
        self.env.set_state(*self.state_of(obs))
        return self.env.step(action)[:3]


def one_pole(obs):
    return obs[:2], obs[2:]


def two_poles(obs):
    x, sin1, sin2, cos1, cos2, vx, omega1, omega2, _ = obs
    angles = np.arctan2([sin1, sin2], [cos1, cos2])
    return np.array([x, *angles]), np.array([vx, omega1, omega2])


class Bullet:
    """PyBullet's balance and swing-up."""

    def __init__(self, swing_up):
        sys.path.append(str(ROOT / "scripts"))
        import record_engines

        self.swing_up, self.physics = swing_up, record_engines.Bullet()

    def step_from(self, obs, action):
        x, vx, cosine, sine, theta_dot = obs
        self.physics.start(x, vx, np.arctan2(sine, cosine), theta_dot)
        _, fallen = self.physics.step(float(action[0]))
        x, vx, theta, theta_dot = self.physics.state()
        obs = np.array([x, vx, np.cos(theta), np.sin(theta), theta_dot])
        return (obs, np.cos(theta), False) if self.swing_up else (obs, 1, fallen)


needs_pybullet = pytest.mark.skipif(sys.version_info >= (3, 12), reason="PyPI has no wheel of PyBullet for this Python")


@pytest.mark.parametrize("task, engine, off", [
    ("Pendulum-v1", Pendulum, 1e-6),
    ("InvertedPendulum-v5", lambda: MuJoCo("InvertedPendulum-v5", one_pole), 1e-6),
    ("InvertedDoublePendulum-v5", lambda: MuJoCo("InvertedDoublePendulum-v5", two_poles), 1e-5),
    pytest.param("InvertedPendulumBulletEnv-v0", lambda: Bullet(swing_up=False), 1e-6, marks=needs_pybullet),
    pytest.param("InvertedPendulumSwingupBulletEnv-v0", lambda: Bullet(swing_up=True), 1e-6, marks=needs_pybullet),
])  # fmt: skip
def test_a_step_is_that_of_the_real_engine(task, engine, off):
    """From where ours is, over random trajectories: what one step is off by is float32's rounding. Two poles
    make more of it, in twenty stages: joints' speeds were off by 2e-6."""
    real, ours = engine(), sac_cuda.VectorEnv(task, 8, autoreset_mode="SameStep")
    obs, _ = ours.reset(seed=20261127)
    actions = np.random.default_rng(20261127)
    high = ours.single_action_space.high
    ends = 0
    for _ in range(max(250, tasks()[task]["time_limit"] + 1)):
        action = actions.uniform(-high, high, (8, 1)).astype(np.float32)
        after, reward, terminated, truncated, infos = ours.step(action)
        for e in range(8):
            expected, expected_reward, expected_end = real.step_from(obs[e].astype(np.float64), action[e])
            got = infos["final_obs"][e] if terminated[e] or truncated[e] else after[e]
            np.testing.assert_allclose(got, expected, rtol=off, atol=off)
            np.testing.assert_allclose(reward[e], expected_reward, rtol=off, atol=off)
            assert terminated[e] == expected_end
            ends += terminated[e] or truncated[e]
        obs = after
    assert ends > 5


def returns(envs, policy, episodes):
    """Of the first `episodes` episodes of as many environments."""
    obs, _ = envs.reset(seed=1)
    total, first = np.zeros(episodes), np.ones(episodes, bool)
    while first.any():
        obs, reward, terminated, truncated, _ = envs.step(policy(obs).astype(envs.action_space.dtype))
        total += np.where(first, reward, 0)
        first &= ~(terminated | truncated)
    return total


def test_a_policy_scores_in_gymnasium_what_it_scores_here(solved):
    there = returns(gymnasium.make_vec("Pendulum-v1", 100, vectorization_mode="sync"), solved.policy, 100)
    here = returns(gymnasium.make_vec("sac_cuda/Pendulum-v1", 2000), solved.policy, 2000)
    assert there.mean() > -220
    assert abs(there.mean() - here.mean()) < 3 * there.std() / np.sqrt(100)

"""Beside the environments that ours stand for: Gymnasium's own and MuJoCo's."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
import sac_cuda


def set_pendulum(env, obs):
    env.unwrapped.state = np.array([np.arctan2(obs[1], obs[0]), obs[2]])


def set_mujoco(env, obs):
    env.unwrapped.set_state(obs[:2], obs[2:])


def set_mujoco_double(env, obs):
    x, sin1, sin2, cos1, cos2, vx, omega1, omega2, _ = obs
    angles = np.arctan2([sin1, sin2], [cos1, cos2])
    env.unwrapped.set_state(np.array([x, *angles]), np.array([vx, omega1, omega2]))


@pytest.mark.parametrize("task, put", [
    ("Pendulum-v1", set_pendulum),
    ("InvertedPendulum-v5", set_mujoco),
    ("InvertedDoublePendulum-v5", set_mujoco_double),
])
def test_a_step_is_that_of_the_real_engine(task, put):
    """From where ours is, over random trajectories: what one step is off by is float32's rounding."""
    real, ours = gymnasium.make(task), sac_cuda.VectorEnv(task, 8, autoreset_mode="SameStep")
    real.reset(seed=0)
    obs, _ = ours.reset(seed=20261127)
    actions = np.random.default_rng(20261127)
    high = ours.single_action_space.high
    ends = 0
    for _ in range(250):
        action = actions.uniform(-high, high, (8, 1)).astype(np.float32)
        after, reward, terminated, truncated, infos = ours.step(action)
        for e in range(8):
            put(real, obs[e].astype(np.float64))
            expected, expected_reward, expected_end, _, _ = real.unwrapped.step(action[e])
            got = infos["final_obs"][e] if terminated[e] or truncated[e] else after[e]
            np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-6)
            np.testing.assert_allclose(reward[e], expected_reward, rtol=1e-6, atol=1e-6)
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

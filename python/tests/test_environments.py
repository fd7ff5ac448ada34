from __future__ import annotations

import warnings

import gymnasium
import numpy as np
import pytest
import sac_cuda
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode
from sac_cuda.environments import tasks

ALL = sorted(tasks())
BULLET = "InvertedPendulumBulletEnv-v0"


def rollout(envs, steps, seed=0):
    """Everything that the steps gave."""
    actions = np.random.default_rng(seed)
    yield envs.reset(seed=seed)
    low, high = envs.single_action_space.low, envs.single_action_space.high
    for _ in range(steps):
        yield envs.step(actions.uniform(low, high, envs.action_space.shape).astype(np.float32))


@pytest.mark.parametrize("task", ALL)
def test_single_environments_pass_gymnasiums_check(task):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        check_env(gymnasium.make(f"sac_cuda/{task}").unwrapped, skip_render_check=True)
    # The tasks' own bounds, which are the real environments'.
    bounds = ("normalized space (range=[-1, 1]", "imum value is infinity", "imum value is -infinity")
    assert not [str(w.message) for w in said if not any(b in str(w.message) for b in bounds)]


@pytest.mark.parametrize("task", ALL)
def test_make_vec_gives_ours(task):
    envs = gymnasium.make_vec(f"sac_cuda/{task}", num_envs=4096)
    assert isinstance(envs, sac_cuda.VectorEnv) and envs.num_envs == 4096
    assert envs.spec.max_episode_steps == tasks()[task]["time_limit"]
    for result in rollout(envs, 3):
        assert result[0] in envs.observation_space
        if len(result) == 5:
            _, reward, terminated, truncated, infos = result
            assert reward.dtype == np.float32 and reward.shape == (4096,)
            assert terminated.dtype == truncated.dtype == np.bool_


@pytest.mark.parametrize("task", ALL)
def test_steps_as_the_single_environment_does(task):
    envs = gymnasium.make_vec(f"sac_cuda/{task}", num_envs=1)
    env = gymnasium.make(f"sac_cuda/{task}")
    np.testing.assert_array_equal(envs.reset(seed=4)[0][0], env.reset(seed=4)[0])
    actions = np.random.default_rng(4)
    for _ in range(1100):
        action = actions.uniform(env.action_space.low, env.action_space.high).astype(np.float32)
        many, one = envs.step(action[None]), env.step(action)
        np.testing.assert_array_equal(many[0][0], one[0])
        assert [x[0] for x in many[1:4]] == list(one[1:4])
        if one[2] or one[3]:
            break
    assert one[2] or one[3]


def test_gymnasiums_own_vector_environments_take_the_single_one():
    envs = gymnasium.make_vec(f"sac_cuda/{BULLET}", num_envs=3, vectorization_mode="sync")
    ended = sum((r[2] | r[3]).sum() for r in list(rollout(envs, 100))[1:])
    assert ended > 0


def run_of(length, **options):
    return list(rollout(sac_cuda.VectorEnv(BULLET, 600, **options), length))


def test_both_autoreset_modes_are_gymnasiums():
    """Beside Gymnasium's own: the same keys, types and shapes, and every rule of the modes."""
    own = gymnasium.make_vec(f"sac_cuda/{BULLET}", num_envs=600, vectorization_mode="sync",
                             vector_kwargs={"autoreset_mode": AutoresetMode.SAME_STEP})  # fmt: skip
    theirs = next(r[4] for r in list(rollout(own, 80))[1:] if r[4])
    same, following = run_of(80, autoreset_mode="SameStep"), run_of(80)
    ours = next(r[4] for r in same[1:] if r[4])
    assert ours.keys() == theirs.keys() and ours["final_info"] == theirs["final_info"]
    for key in ("final_obs", "_final_obs", "_final_info"):
        assert ours[key].dtype == theirs[key].dtype and ours[key].shape == theirs[key].shape

    first = np.ones(600, bool)  # environments in their first episode, which both modes play alike
    waiting = np.zeros(600, bool)
    for a, b in zip(same[1:], following[1:]):
        ended = (a[2] | a[3]) & first
        np.testing.assert_array_equal(a[0][first & ~ended], b[0][first & ~ended])
        np.testing.assert_array_equal(a[1][first], b[1][first])
        assert not b[4]
        for e in np.flatnonzero(ended):
            np.testing.assert_array_equal(a[4]["final_obs"][e], b[0][e])
            assert abs(b[0][e][3]) > np.sin(0.2) - 1e-6 and abs(a[0][e][3]) < 0.1
        if a[4]:
            np.testing.assert_array_equal(a[4]["_final_obs"], a[2] | a[3])
            assert all((x is None) != y for x, y in zip(a[4]["final_obs"], a[4]["_final_obs"]))
        assert (b[1][waiting] == 0).all() and not (b[2] | b[3])[waiting].any()
        assert (np.abs(b[0][waiting, 3]) < 0.1).all()
        waiting = b[2] | b[3]
        first &= ~ended
    assert first.mean() < 0.1


def same_rollouts(a, b):
    return all(np.array_equal(x, y) for r, s in zip(a, b) for x, y in zip(r[:4], s[:4]) if r[4:] == s[4:])


def test_seeds_repeat_for_any_number_of_threads():
    one = list(rollout(sac_cuda.VectorEnv(BULLET, 3000, threads=1), 60, seed=3))
    three = list(rollout(sac_cuda.VectorEnv(BULLET, 3000, threads=3), 60, seed=3))
    other = list(rollout(sac_cuda.VectorEnv(BULLET, 3000, threads=3), 60, seed=4))
    assert same_rollouts(one, three) and not same_rollouts(one, other)


def test_without_a_seed_episodes_differ():
    envs = sac_cuda.VectorEnv("Pendulum-v1", 2)
    first, second = envs.reset()[0], envs.reset()[0]
    other = sac_cuda.VectorEnv("Pendulum-v1", 2).reset()[0]
    assert not np.array_equal(first, second) and not np.array_equal(first, other)


def test_arrays_are_new_unless_told_otherwise():
    fresh = run_of(2)
    assert fresh[1][0] is not fresh[2][0] and not np.array_equal(fresh[1][0], fresh[2][0])
    reused = run_of(2, copy=False)
    assert reused[1][0] is reused[2][0]
    np.testing.assert_array_equal(reused[2][0], fresh[2][0])


def test_gymnasiums_wrappers_work():
    envs = gymnasium.wrappers.vector.RecordEpisodeStatistics(sac_cuda.VectorEnv(BULLET, 50))
    episodes = [r[4]["episode"]["r"][r[4]["_episode"]] for r in list(rollout(envs, 100))[1:] if r[4]]
    returns = np.concatenate(episodes)
    assert len(returns) >= 50 and (returns > 1).all()
    same = sac_cuda.VectorEnv(BULLET, 50, autoreset_mode="SameStep")
    clipped = gymnasium.wrappers.vector.ClipReward(same, max_reward=0.5)
    assert max(r[1].max() for r in list(rollout(clipped, 40))[1:]) == 0.5


@pytest.mark.parametrize("options, message", [
    ({"task": "Pendulum-v2"}, "task Pendulum-v2: expected one of"),
    ({"num_envs": 0}, "num_envs 0: expected"),
    ({"threads": 0}, "threads 0: expected"),
    ({"autoreset_mode": "Disabled"}, "expected NextStep or SameStep"),
    ({"max_episode_steps": 100}, "max_episode_steps 100: Pendulum-v1 has 200"),
])  # fmt: skip
def test_refuses_what_it_cannot_do(options, message):
    with pytest.raises(ValueError, match=message):
        sac_cuda.VectorEnv(**{"task": "Pendulum-v1", "num_envs": 2, **options})


def test_refuses_steps_that_make_no_sense():
    envs = sac_cuda.VectorEnv("Pendulum-v1", 2)
    with pytest.raises(gymnasium.error.ResetNeeded):
        envs.step(np.zeros((2, 1)))
    envs.reset(seed=0)
    with pytest.raises(ValueError, match=r"actions have shape \(2,\), expected \(2, 1\)"):
        envs.step(np.zeros(2))
    with pytest.raises(ValueError, match="reset option x_init: there are none"):
        envs.reset(options={"x_init": 1})
    env = sac_cuda.Env("Pendulum-v1")
    env.reset(seed=0)
    for _ in range(200):
        truncated = env.step([0.0])[3]
    assert truncated
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step([0.0])

from __future__ import annotations

import array

import numpy as np
import pytest
import sac_cuda
from safetensors.numpy import load_file


@pytest.fixture(scope="module")
def policy(solved):
    return solved.policy


@pytest.fixture(scope="module")
def obs():
    angle = np.linspace(-3, 3, 1000)
    speed = np.linspace(-8, 8, 1000)[::-1]
    return np.stack([np.cos(angle), np.sin(angle), speed], axis=1)


def in_double(file, obs):
    """Mean and log-std as docs/how-it-works.md has them."""
    p = {name: values.astype(np.float64) for name, values in load_file(file).items()}
    h = obs
    for layer in ("pi.layers.0", "pi.layers.1"):
        h = np.maximum(h @ p[f"{layer}.weight"].T + p[f"{layer}.bias"], 0)
    return tuple(h @ p[f"pi.{head}.weight"].T + p[f"pi.{head}.bias"] for head in ("mean", "log_std"))


def test_is_the_mean_action_of_the_best_checkpoint(policy, solved, obs):
    mean, _ = in_double(solved.directory / "best.safetensors", obs)
    action = policy(obs)
    assert action.dtype == np.float32 and action.shape == (1000, 1)
    np.testing.assert_allclose(action, 2 * np.tanh(mean), atol=2e-6 * policy.max_action)
    assert policy.env == "Pendulum-v1" and policy.max_action == 2


def test_takes_any_leading_dimensions_and_dtype(policy, obs):
    one = policy(obs[3])
    assert one.shape == (1,)
    np.testing.assert_allclose(one, policy(obs)[3], atol=1e-6)
    np.testing.assert_allclose(policy(obs.reshape(10, 100, 3)), policy(obs).reshape(10, 100, 1), atol=1e-6)
    np.testing.assert_array_equal(policy(obs.astype(np.float32)), policy(obs))
    np.testing.assert_array_equal(policy(obs[3].tolist()), policy(obs[3]))
    np.testing.assert_allclose(policy(obs[::-2]), policy(obs)[::-2], atol=1e-6)


@pytest.mark.parametrize("wrong", [np.zeros(4), np.zeros((3, 2)), np.float64(1)])
def test_refuses_other_shapes(policy, wrong):
    with pytest.raises(ValueError, match=r"obs has shape .*, expected \[..., 3\]"):
        policy(wrong)


class Foreign:
    """An array of another library."""

    def __init__(self, values):
        self.values = values

    def __dlpack__(self, **options):
        return self.values.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.values.__dlpack_device__()

    def __array_namespace__(self):
        return Library


class Library:
    from_dlpack = staticmethod(lambda other: Foreign(np.from_dlpack(other)))


def test_an_array_of_another_library_comes_back_as_one(policy, obs):
    action = policy(Foreign(obs))
    assert isinstance(action, Foreign)
    np.testing.assert_array_equal(action.values, policy(obs))


def test_samples_have_the_policys_mean_and_spread(policy, solved, obs):
    mean, log_std = in_double(solved.directory / "best.safetensors", obs[:1])
    policy.seed(3)
    u = np.arctanh(policy(np.repeat(obs[:1], 200_000, axis=0), deterministic=False) / 2.0)
    std = np.exp(log_std.item())
    assert abs(np.median(u) - mean.item()) < 5 * 1.2533 * std / np.sqrt(200_000) + 1e-4
    low, high = np.quantile(u, [0.158655, 0.841345])
    assert abs((high - low) / 2 / std - 1) < 0.02


def test_samples_repeat_with_the_seed(policy, solved, obs):
    policy.seed(5)
    first, second = (policy(obs, deterministic=False) for _ in range(2))
    assert not np.array_equal(first, second)
    again = sac_cuda.Policy.load(solved, seed=5)
    np.testing.assert_array_equal(again(obs, deterministic=False), first)
    assert (np.abs(first) <= 2).all()


def test_predicts_as_stable_baselines_does(policy, obs):
    action, state = policy.predict(obs, state=None, episode_start=np.zeros(1000, bool), deterministic=True)
    np.testing.assert_array_equal(action, policy(obs))
    assert state is None
    policy.seed(1)
    sampled, _ = policy.predict(obs, deterministic=False)
    assert not np.array_equal(sampled, action)


def test_loads_files_and_says_what_is_wrong_with_them(solved, tmp_path, obs):
    best = sac_cuda.Policy.load(solved.directory / "best.safetensors")
    np.testing.assert_array_equal(best(obs), solved.policy(obs))
    with pytest.raises(ValueError, match="no such file"):
        sac_cuda.Policy.load(tmp_path / "nothing")
    with pytest.raises(ValueError, match="holds no policy"):
        sac_cuda.Policy.load(tmp_path)
    (tmp_path / "damaged").write_bytes(array.array("q", [1 << 40]).tobytes())
    with pytest.raises(ValueError, match="damaged: "):
        sac_cuda.Policy.load(tmp_path / "damaged")

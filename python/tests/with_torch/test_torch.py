"""What needs PyTorch: `make test-python-torch`."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import sac_cuda
import torch

from conftest import ROOT

sys.path += [str(ROOT / "examples"), str(ROOT / "scripts")]

from pytorch_policy import load_policy  # noqa: E402
from sb3_vec_env import SB3VecEnv  # noqa: E402
from stable_baselines3 import SAC  # noqa: E402
from stable_baselines3.common.evaluation import evaluate_policy  # noqa: E402
from stable_baselines3.common.vec_env import VecMonitor  # noqa: E402

torch.set_num_threads(1)  # these networks are small

OBS = np.random.default_rng(0).uniform(-1, 1, (100, 3)).astype(np.float32)


def test_a_tensor_comes_back_as_a_tensor(solved):
    action = solved.policy(torch.from_numpy(OBS))
    assert isinstance(action, torch.Tensor) and action.shape == (100, 1)
    np.testing.assert_array_equal(action.numpy(), solved.policy(OBS))


def test_pytorchs_policy_acts_the_same(solved):
    with torch.no_grad():
        theirs = load_policy(solved.directory)(torch.from_numpy(OBS)).numpy()
    np.testing.assert_allclose(solved.policy(OBS), theirs, atol=2e-6)


def test_a_pytorch_gradient_is_the_learners(solved):
    """The three lines of a notebook: one's own loss of Q1, its gradient beside ours."""
    rng = np.random.default_rng(1)
    shapes = {"layers.0": (16, 4), "layers.1": (16, 16), "out": (1, 16)}

    def network(inputs, heads):
        dims = {**shapes, "layers.0": (16, inputs)}
        del dims["out"]
        dims.update({head: (1, 16) for head in heads})
        return {f"{n}.{k}": rng.normal(size=s if k == "weight" else s[:1]) / 4
                for n, s in dims.items() for k in ("weight", "bias")}  # fmt: skip

    parameters = {f"pi.{n}": v for n, v in network(3, ["mean", "log_std"]).items()}
    for name, inputs in (("q1", 4), ("q2", 4), ("v", 3), ("v_target", 3)):
        parameters |= {f"{name}.{n}": v for n, v in network(inputs, ["out"]).items()}
    batch = {"batch.obs": OBS, "batch.next_obs": OBS[::-1], "batch.action": OBS[:, :1], "batch.reward": OBS[:, 1],
             "batch.terminated": OBS[:, 2] > 0.5, "noise.value": OBS[:, :1], "noise.policy": OBS[:, 1:2]}  # fmt: skip
    ours = sac_cuda.gradient_step(batch, parameters)

    p = {n: torch.tensor(v, requires_grad=True) for n, v in parameters.items()}

    def value(name, x):
        for layer in ("layers.0", "layers.1"):
            x = torch.relu(x @ p[f"{name}.{layer}.weight"].T + p[f"{name}.{layer}.bias"])
        return (x @ p[f"{name}.out.weight"].T + p[f"{name}.out.bias"])[:, 0]

    t = {n: torch.tensor(np.ascontiguousarray(v), dtype=torch.float64) for n, v in batch.items()}
    future = value("v_target", t["batch.next_obs"]).detach() * (1 - t["batch.terminated"])
    q = value("q1", torch.cat([t["batch.obs"], t["batch.action"]], dim=1))
    (((q - 2 * t["batch.reward"] - 0.99 * future) ** 2).mean() / 2).backward()
    for name in (n for n in p if n.startswith("q1.")):
        np.testing.assert_allclose(ours[f"grad.{name}"], p[name].grad.numpy(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("task", ["Pendulum-v1", "InvertedPendulumBulletEnv-v0"])
def test_stable_baselines_trains_on_our_environments(task):
    envs = VecMonitor(SB3VecEnv(task, 8))
    model = SAC("MlpPolicy", envs, learning_starts=100, train_freq=2, gradient_steps=1, seed=0, device="cpu")
    model.learn(3200)
    assert model.num_timesteps == 3200 and model._n_updates > 150
    assert len(model.ep_info_buffer) >= 8
    limit = 200 if task == "Pendulum-v1" else 1000
    assert all(0 < episode["l"] <= limit for episode in model.ep_info_buffer)
    # An episode cut at its limit keeps its future: the replay says so.
    if task == "Pendulum-v1":
        assert model.replay_buffer.timeouts.sum() == model.replay_buffer.dones.sum() == 16


def test_our_policy_plays_in_stable_baselines_evaluation(solved):
    mean, _ = evaluate_policy(solved.policy, VecMonitor(SB3VecEnv("Pendulum-v1", 50)), n_eval_episodes=50)
    assert mean > -220

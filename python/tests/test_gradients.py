from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import sac_cuda
from safetensors import safe_open
from safetensors.numpy import load_file

from conftest import ROOT

GOLDEN = sorted((ROOT / "tests/data/step").glob("*.safetensors"))
HYPERPARAMETERS = ("gamma", "tau", "reward_scale", "lr_policy", "lr_value", "lr_q", "lr_alpha",
                   "target_entropy", "beta1", "beta2", "adam_eps", "step", "max_action", "log_std_min",
                   "log_std_max")  # fmt: skip


def read(path):
    """Batch, parameters and hyperparameters of a step file."""
    tensors = load_file(path)
    with safe_open(path, "numpy") as file:
        metadata = file.metadata()
    batch = {n: v for n, v in tensors.items() if n.startswith(("batch.", "noise."))}
    networks = ("pi.", "q1.", "q2.", "v.", "v_target.", "q1_target.", "q2_target.", "log_alpha",
                "adam.")  # fmt: skip
    parameters = {n: v for n, v in tensors.items() if n.startswith(networks)}
    return batch, parameters, {n: metadata[n] for n in HYPERPARAMETERS if n in metadata}


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.stem)
@pytest.mark.parametrize("reference", [False, True])
def test_is_the_step_of_the_command(path, reference, tmp_path):
    assert len(GOLDEN) == 4
    out = tmp_path / "out.safetensors"
    words = ["step", "--inputs", path, "--outputs", out, *(["--double"] if reference else [])]
    subprocess.run([sys.executable, "-m", "sac_cuda", *words], check=True, stdout=subprocess.DEVNULL)
    expected = load_file(out)
    batch, parameters, hyperparameters = read(path)
    got = sac_cuda.gradient_step(batch, parameters, reference=reference, **hyperparameters)
    assert got.keys() == expected.keys()
    for name, values in expected.items():
        assert got[name].dtype == values.dtype, name
        np.testing.assert_array_equal(got[name], values, err_msg=name)


def test_q_losses_are_those_of_the_paper():
    """A few lines of one's own: eq. 7 in NumPy, all else at its default."""
    batch, parameters, _ = read(GOLDEN[1])
    result = sac_cuda.gradient_step(
        batch, {n: v.astype(np.float64) for n, v in parameters.items() if not n.startswith("adam.")}
    )

    def network(name, x):
        for layer in ("layers.0", "layers.1", "out"):
            x = x @ parameters[f"{name}.{layer}.weight"].T + parameters[f"{name}.{layer}.bias"]
            x = x if layer == "out" else np.maximum(x, 0)
        return x[:, 0]

    future = network("v_target", batch["batch.next_obs"]) * (1 - batch["batch.terminated"])
    target = 2 * batch["batch.reward"] + 0.99 * future
    q = network("q1", np.concatenate([batch["batch.obs"], batch["batch.action"]], axis=1))
    np.testing.assert_allclose(result["loss.q1"], np.mean((q - target) ** 2) / 2, rtol=1e-5)
    np.testing.assert_allclose(result["grad.q1.out.bias"], np.mean(q - target), rtol=1e-4)
    assert result["grad.q1.out.bias"].dtype == np.float64


@pytest.mark.parametrize("change, message", [
    (lambda b, p, h: b.pop("batch.reward"), "tensor 'batch.reward' is missing"),
    (lambda b, p, h: p.pop("pi.mean.bias"), "tensor 'pi.mean.bias' is missing"),
    (lambda b, p, h: b.update({"batch.reward": np.zeros(7)}), r"'batch.reward' has shape \[7\], expected"),
    (lambda b, p, h: b.update({"batch.reward": b["batch.reward"] * np.nan}), "holds nan"),
    (lambda b, p, h: b.update({"batch.obs": np.zeros(3)}), "'batch.obs' has shape"),
    (lambda b, p, h: b.update({"batch.reward": np.array(["a"])}), "has dtype <U1, expected float64"),
    (lambda b, p, h: h.update(gamma=2), "metadata gamma 2: expected"),
    (lambda b, p, h: h.update(gama=1), "unknown hyperparameter gama: expected one of adam_eps"),
])  # fmt: skip
def test_says_what_is_wrong(change, message):
    batch, parameters, hyperparameters = read(GOLDEN[1])
    change(batch, parameters, hyperparameters)
    with pytest.raises(ValueError, match=message):
        sac_cuda.gradient_step(batch, parameters, **hyperparameters)


def test_gradcheck_takes_the_algorithm():
    result = sac_cuda.gradcheck(algorithm="sac-v2", hidden=16, batch=8, device="cpu")
    assert result.passed
    assert "gradient log_alpha" in {check.quantity for check in result.checks}


def test_gradcheck_passes_and_lists_its_checks():
    result = sac_cuda.gradcheck(hidden=8, batch=8, seed=3)
    assert result.passed and len(result.checks) > 50
    assert {c.learner for c in result.checks} == {"learner", "reference"}
    assert all(c.error <= c.allowance for c in result.checks)
    with pytest.raises(ValueError, match="--hidden 0: expected a whole number from 1 to 512"):
        sac_cuda.gradcheck(hidden=0)

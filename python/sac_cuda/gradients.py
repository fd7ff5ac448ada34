"""One gradient step, and the check of all gradients: to hold code of your own against."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arguments import arguments

_TYPES = {"float64": "F64", "float32": "F32", "float16": "F16", "bool": "BOOL", "int64": "I64",
          "int32": "I32", "uint8": "U8"}  # fmt: skip
_SIZES = {"obs": ("batch.obs", 1), "act": ("batch.action", 1), "batch": ("batch.obs", 0)}


def gradient_step(
    batch: Mapping[str, npt.ArrayLike],
    parameters: Mapping[str, npt.ArrayLike],
    *,
    device: str = "auto",
    precision: str = "fp32",
    mlp: str = "fused",
    reference: bool = False,
    **hyperparameters: float,
) -> dict[str, npt.NDArray[Any]]:
    """One gradient step of SAC, as `sac_cuda step` takes it.

    Args:
        batch: "batch.obs", "batch.next_obs" [B, O], "batch.action" [B, A], "batch.reward",
            "batch.terminated" [B], and the noise of eq. 5 and eq. 12, "noise.value", "noise.policy" [B, A];
            with sac-v2 that of a' at s' in place of eq. 5's, "noise.next".
        parameters: every tensor of pi, q1, q2, v and v_target under PyTorch's names, "pi.layers.0.weight"
            [H, O], "pi.layers.0.bias" [H] and so on, and, if they are not zero, Adam's moments,
            "adam.m.NAME" and "adam.v.NAME". With "log_alpha" [1] among them it is a step of sac-v2, and
            q1_target and q2_target stand in place of v and v_target. docs/commands.md has the table.
        device, precision, mlp: as the command's.
        reference: compute in double on the CPU; so do float64 parameters.
        hyperparameters: gamma, tau, reward_scale, lr_policy, lr_value, lr_q, beta1, beta2, adam_eps,
            max_action, log_std_min, log_std_max, and `step`, the number of this Adam step, from 1; with
            sac-v2 lr_alpha and target_entropy in place of lr_value. Those not given are the article's.

    Returns:
        New parameters and moments under their own names, "grad.NAME" of each but the targets', and the
        losses before the step, "loss.v" or "loss.alpha", "loss.pi", "loss.q1", "loss.q2" [1].

    Raises:
        ValueError: a tensor or a hyperparameter is missing, unknown, of the wrong shape or out of range.
    """
    tensors = {**{n: np.asarray(v) for n, v in parameters.items()},
               **{n: np.asarray(v) for n, v in batch.items()}}  # fmt: skip
    _add_zero_moments(tensors)
    metadata = _metadata(tensors, hyperparameters)
    return _core.gradient_step(_step_file(tensors, metadata), device, precision, mlp, reference)


@dataclass(frozen=True)
class GradientCheck:
    """One quantity of a gradient step against an independent source."""

    learner: str  #: "learner", or "reference" for the one in double
    quantity: str  #: e.g. "gradient pi.mean.weight"
    against: str  #: e.g. "finite differences"
    error: float  #: the worst element's
    allowance: float  #: how far that may be off
    passed: bool


@dataclass(frozen=True)
class Gradcheck:
    """All checks, and whom they are of."""

    learner: str
    reference: str
    checks: tuple[GradientCheck, ...]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)


def gradcheck(
    *,
    algorithm: str = "sac-v1",
    hidden: int = 64,
    batch: int = 64,
    obs: int = 5,
    act: int = 1,
    seed: int = 0,
    device: str = "auto",
    precision: str = "fp32",
    mlp: str = "fused",
) -> Gradcheck:
    """Is this machine's learner right? What `sac_cuda gradcheck` checks: losses, every gradient, Adam, the
    soft update and the sampler against the reference in double, and that against finite differences.

    Args:
        algorithm: "sac-v1" or "sac-v2".
        hidden, batch, obs, act: width of the networks, rows, sizes of observations and actions.
        seed: draws networks and batch.

    Raises:
        ValueError: a value out of range, in the command's own words.
    """
    learner, reference, checks = _core.gradcheck(arguments(locals()))
    return Gradcheck(learner, reference, tuple(GradientCheck(*check) for check in checks))


def _add_zero_moments(tensors: dict[str, npt.NDArray[Any]]) -> None:
    trained = [n for n in tensors if n.startswith(("pi.", "q1.", "q2.", "v.", "log_alpha"))]
    for name in trained:
        for kind in ("adam.m.", "adam.v."):
            tensors.setdefault(kind + name, np.zeros_like(tensors[name]))


def _metadata(
    tensors: dict[str, npt.NDArray[Any]], hyperparameters: Mapping[str, float]
) -> dict[str, str]:
    """Those not given are the defaults; the sizes are those of the tensors."""
    action = tensors.get("batch.action", np.zeros((1, 1)))
    algorithm = "sac-v2" if "log_alpha" in tensors else "sac-v1"
    metadata = _core.step_metadata(algorithm, action.shape[1] if action.ndim == 2 else 1)
    known = metadata.keys() - {"format", "version", "updates", "algorithm", "hidden", *_SIZES}
    for name, value in hyperparameters.items():
        if name not in known:
            raise ValueError(f"unknown hyperparameter {name}: expected one of {', '.join(sorted(known))}")
        metadata[name] = str(value)
    sizes = {**_SIZES, "hidden": ("pi.layers.0.weight", 0)}
    for name, (tensor, dimension) in sizes.items():
        if tensor not in tensors:
            raise ValueError(f"gradient_step: tensor '{tensor}' is missing")
        shape = tensors[tensor].shape
        if len(shape) != 2:
            raise ValueError(f"gradient_step: tensor '{tensor}' has shape {list(shape)}, "
                             "expected two dimensions")  # fmt: skip
        metadata[name] = str(shape[dimension])
    return metadata


def _step_file(tensors: dict[str, npt.NDArray[Any]], metadata: dict[str, str]) -> bytes:
    """In the safetensors format."""
    header: dict[str, Any] = {"__metadata__": metadata}
    data, end = [], 0
    for name, values in tensors.items():
        if values.dtype.name not in _TYPES:
            raise ValueError(f"gradient_step: tensor '{name}' has dtype {values.dtype}, "
                             f"expected {', '.join(_TYPES)}")  # fmt: skip
        data.append(values.tobytes())
        begin, end = end, end + len(data[-1])
        header[name] = {"dtype": _TYPES[values.dtype.name], "shape": values.shape,
                        "data_offsets": (begin, end)}  # fmt: skip
    text = json.dumps(header).encode()
    return b"".join([struct.pack("<Q", len(text)), text, *data])

"""Trained policies."""

from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core

FloatArray = npt.NDArray[np.float32]


class Policy:
    """A tanh-Gaussian policy. It computes in float32, with NumPy.

    Its mean action is that of `sac_cuda evaluate` to 1e-6 of the largest action.
    """

    def __init__(
        self,
        parameters: dict[str, FloatArray],
        max_action: float,
        log_std_range: tuple[float, float] = (-20.0, 2.0),
        env: str = "",
        seed: int | None = None,
    ) -> None:
        """See `load`. `parameters` are "pi.layers.0.weight" and so on, with PyTorch's shapes."""
        self.parameters = parameters
        self.max_action = max_action  #: actions lie in [-max_action, max_action]
        self.log_std_range = log_std_range
        self.env = env  #: the id of the task that it was trained for; "" if the file does not say
        self._random = np.random.default_rng(seed)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        *,
        agent: int = 0,
        max_action: float | None = None,
        seed: int | None = None,
    ) -> Policy:
        """The best policy of a run (a `Run`, or its directory), or that of a checkpoint's file.

        Args:
            path: run or file.
            agent: whose policy, of a run with several.
            max_action: bound of the actions, for a file that does not say it.
            seed: of sampled actions; see `seed`.

        Raises:
            ValueError: there is no policy, or the file is damaged or of a newer format.
        """
        content = _core.read_policy(os.fspath(path), agent)
        bound = content["max_action"] if max_action is None else max_action
        if bound is None:
            raise ValueError(f"{content['file']}: metadata max_action is missing: expected max_action=")
        return cls(content["parameters"], bound, content["log_std"], content["env"], seed)

    @property
    def obs_size(self) -> int:
        """Scalars of an observation, O."""
        return int(self.parameters["pi.layers.0.weight"].shape[1])

    @property
    def action_size(self) -> int:
        """Scalars of an action, A."""
        return int(self.parameters["pi.mean.weight"].shape[0])

    def __call__(self, obs: Any, *, deterministic: bool = True) -> Any:
        """Actions [..., A] for observations [..., O], both in the task's units.

        Args:
            obs: a NumPy array, anything that becomes one, or an array of another library on the CPU that
                speaks DLPack. Any real dtype.
            deterministic: the mean action, m tanh(mean); else one sampled from the policy.

        Returns:
            float32, as a NumPy array, or as an array of obs' own library if that has `from_dlpack`.

        Raises:
            ValueError: the last dimension of obs is not O.
        """
        if isinstance(obs, np.ndarray) or not hasattr(obs, "__dlpack__"):
            return self._act(np.asarray(obs), deterministic)
        action = self._act(np.from_dlpack(obs), deterministic)
        back = getattr(_library_of(obs), "from_dlpack", None)
        return action if back is None else back(action)

    def predict(
        self,
        obs: Any,
        state: tuple[np.ndarray, ...] | None = None,
        episode_start: np.ndarray | None = None,
        deterministic: bool = True,
    ) -> tuple[Any, tuple[np.ndarray, ...] | None]:
        """As Stable-Baselines3's `predict`: the action, and `state` as it was, for there is none."""
        del episode_start  # of recurrent policies
        return self(obs, deterministic=deterministic), state

    def distribution(self, obs: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Mean and clamped log-std [..., A] of the Gaussian whose samples u become m tanh(u)."""
        h = self._checked(np.asarray(obs))
        for layer in ("layers.0", "layers.1"):
            h = np.maximum(self._linear(layer, h), 0)
        return self._linear("mean", h), np.clip(self._linear("log_std", h), *self.log_std_range)

    def seed(self, seed: int | None) -> None:
        """Begins the noise of sampled actions anew; None: where the system says."""
        self._random = np.random.default_rng(seed)

    def _act(self, obs: npt.NDArray[Any], deterministic: bool) -> FloatArray:
        u, log_std = self.distribution(obs)
        if not deterministic:
            noise: FloatArray = self._random.standard_normal(u.shape, dtype=np.float32)
            std: FloatArray = np.exp(log_std)
            u = u + std * noise
        return np.float32(self.max_action) * np.tanh(u)

    def _linear(self, name: str, x: FloatArray) -> FloatArray:
        return x @ self.parameters[f"pi.{name}.weight"].T + self.parameters[f"pi.{name}.bias"]

    def _checked(self, obs: npt.NDArray[Any]) -> FloatArray:
        if obs.ndim == 0 or obs.shape[-1] != self.obs_size:
            raise ValueError(f"obs has shape {list(obs.shape)}, expected [..., {self.obs_size}]")
        return obs.astype(np.float32, copy=False)

    def __repr__(self) -> str:
        return f"Policy({self.env or 'of an unknown task'}, obs {self.obs_size}, act {self.action_size})"


def _library_of(array: Any) -> Any:
    """Where the array's functions are."""
    if hasattr(array, "__array_namespace__"):
        return array.__array_namespace__()
    return sys.modules.get(type(array).__module__.partition(".")[0])

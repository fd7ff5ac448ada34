#!/usr/bin/env python3
"""Stable-Baselines3 on our simulators: an adapter, and its SAC on Pendulum-v1.

Needs stable-baselines3 from PyPI.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import sac_cuda
from gymnasium.vector import AutoresetMode
from stable_baselines3 import SAC
from stable_baselines3.common.vec_env import VecEnv, VecMonitor


class SB3VecEnv(VecEnv):
    """A `sac_cuda.VectorEnv` as Stable-Baselines3 wants it, whose environments restart in the same step."""

    def __init__(self, task: str, num_envs: int, threads: int | None = None) -> None:
        self.envs = sac_cuda.VectorEnv(
            task, num_envs, autoreset_mode=AutoresetMode.SAME_STEP, threads=threads
        )
        self.metadata = self.envs.metadata
        self.render_mode = None
        super().__init__(num_envs, self.envs.single_observation_space, self.envs.single_action_space)

    def reset(self) -> np.ndarray:
        obs, _ = self.envs.reset(seed=self._seeds[0])
        self._reset_seeds()
        return obs

    def step_async(self, actions: np.ndarray) -> None:
        self._actions = actions

    def step_wait(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[dict[str, Any]]]:
        obs, reward, terminated, truncated, infos = self.envs.step(self._actions)
        each: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        done = terminated | truncated
        for e in np.flatnonzero(done):
            each[e]["terminal_observation"] = infos["final_obs"][e]
            each[e]["TimeLimit.truncated"] = bool(truncated[e])
        return obs, reward, done, each

    def close(self) -> None:
        self.envs.close()

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        return [getattr(self.envs, attr_name)] * len(list(self._get_indices(indices)))

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        raise AttributeError("the simulators have no attributes to be set")

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> list[Any]:
        raise AttributeError("the simulators have no methods of their own")

    def env_is_wrapped(self, wrapper_class: type, indices: Any = None) -> Sequence[bool]:
        return [False] * len(list(self._get_indices(indices)))


if __name__ == "__main__":
    model = SAC("MlpPolicy", VecMonitor(SB3VecEnv("Pendulum-v1", 16)), gradient_steps=16, learning_rate=1e-3,
                verbose=1)  # fmt: skip
    model.learn(20_000)

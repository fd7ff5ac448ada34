"""The simulators as Gymnasium's environments: "sac_cuda/<task>", one or many at a time."""

from __future__ import annotations

from functools import cache
from typing import Any, TypedDict

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Box
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space

from . import _core

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]


class Task(TypedDict):
    """What the simulators say of a task; sizes and bounds in its units."""

    id: str
    obs_names: str  #: comma-separated
    act: int  #: scalars of an action; they lie in [-max_action, max_action]
    max_action: float
    max_obs: list[float]  #: observations lie in [-max_obs, max_obs]
    time_limit: int  #: steps until an episode is truncated
    step_seconds: float  #: simulated time of a step
    solved_at: float  #: mean return that counts as solved


@cache
def tasks() -> dict[str, Task]:
    """All tasks by id."""
    return {task["id"]: task for task in _core.tasks()}


def _task(task: str, max_episode_steps: int | None) -> Task:
    if task not in tasks():
        raise ValueError(f"task {task}: expected one of {', '.join(tasks())}")
    found = tasks()[task]
    if max_episode_steps not in (None, found["time_limit"]):
        raise ValueError(f"max_episode_steps {max_episode_steps}: {task} has {found['time_limit']}")
    return found


def _spaces(task: Task) -> tuple[Any, Any]:
    """Of observations and of actions. Box is no Space of arrays to type checkers."""
    high = np.array(task["max_obs"], dtype=np.float32)
    return Box(-high, high), Box(-task["max_action"], task["max_action"], (task["act"],))


def _metadata(task: Task) -> dict[str, Any]:
    return {"render_modes": [], "render_fps": round(1 / task["step_seconds"])}


def _require_no_options(options: dict[str, Any] | None) -> None:
    if options:
        raise ValueError(f"reset option {next(iter(options))}: there are none")


class VectorEnv(gymnasium.vector.VectorEnv[FloatArray, FloatArray, np.ndarray]):
    """N environments of one task, stepped in C++ on several threads.

    Observations [N, O] and rewards [N] are float32, in the task's units, ends are bool [N]. The simulators
    write them where they are handed out: nothing is copied. The same seed gives the same episodes, for any
    number of threads.
    """

    def __init__(
        self,
        task: str,
        num_envs: int = 1,
        *,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        copy: bool = True,
        threads: int | None = None,
        max_episode_steps: int | None = None,
    ) -> None:
        """
        Args:
            task: its id, without "sac_cuda/".
            num_envs: N.
            autoreset_mode: NEXT_STEP, as Gymnasium's own: the step after an episode's end starts the next
                one, its action is ignored and its reward is 0. SAME_STEP: the observation at an episode's
                end is the next one's first, and infos has "final_obs" and "_final_obs".
            copy: every step has arrays of its own. False: the same arrays each time, which the next step
                overwrites.
            threads: default: the processors that the process may use.
            max_episode_steps: the task's own, or None; another one is a ValueError.
        """
        found = _task(task, max_episode_steps)
        self.autoreset_mode = AutoresetMode(autoreset_mode)
        if self.autoreset_mode == AutoresetMode.DISABLED:
            raise ValueError("autoreset_mode Disabled: expected NextStep or SameStep")
        self._same_step = self.autoreset_mode == AutoresetMode.SAME_STEP
        self._core = _core.VectorEnvironment(task, num_envs, self._same_step, threads)
        self.metadata = {**_metadata(found), "autoreset_mode": self.autoreset_mode}
        self.num_envs = num_envs
        self.single_observation_space, self.single_action_space = _spaces(found)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._action_shape = (num_envs, found["act"])
        self._copy = copy
        self._obs_shape = (num_envs, len(found["max_obs"]))
        self._arrays = self._new_arrays()
        self._final_obs = np.zeros(self._obs_shape, np.float32)
        self._was_reset = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[FloatArray, dict[str, Any]]:
        """First observations [N, O] of new episodes everywhere. Without a seed the stream of start states
        goes on; the first one begins where the system says."""
        super().reset(seed=seed)
        _require_no_options(options)
        if seed is None and not self._was_reset:
            seed = int(self.np_random.integers(2**63))
        self._was_reset = True
        obs = np.empty(self._obs_shape, np.float32) if self._copy else self._arrays[0]
        self._core.reset(seed, obs)
        return obs, {}

    def step(
        self, actions: npt.ArrayLike
    ) -> tuple[FloatArray, FloatArray, BoolArray, BoolArray, dict[str, Any]]:
        """One step with actions [N, A], which are clipped to the task's bounds."""
        if not self._was_reset:
            raise gymnasium.error.ResetNeeded("Cannot call env.step() before calling env.reset()")
        actions = np.ascontiguousarray(actions, np.float32)
        if actions.shape != self._action_shape:
            raise ValueError(f"actions have shape {actions.shape}, expected {self._action_shape}")
        arrays = self._new_arrays() if self._copy else self._arrays
        obs, reward, terminated, truncated = arrays
        ended = self._core.step(actions, *arrays, self._final_obs)
        infos = self._final_infos(terminated | truncated) if ended and self._same_step else {}
        return obs, reward, terminated, truncated, infos

    def _new_arrays(self) -> tuple[FloatArray, FloatArray, BoolArray, BoolArray]:
        n = self.num_envs
        return (np.empty(self._obs_shape, np.float32), np.empty(n, np.float32), np.empty(n, np.bool_),
                np.empty(n, np.bool_))  # fmt: skip

    def _final_infos(self, ended: BoolArray) -> dict[str, Any]:
        """In the form of Gymnasium's own vector environments."""
        final_obs = np.full(self.num_envs, None, dtype=object)
        indices = np.flatnonzero(ended)
        for e, obs in zip(indices.tolist(), self._final_obs[indices]):
            final_obs[e] = obs
        return {"final_obs": final_obs, "_final_obs": ended, "final_info": {},
                "_final_info": ended.copy()}  # fmt: skip


class Env(gymnasium.Env[FloatArray, FloatArray]):
    """One environment of a task. Observations [O] and actions [A] are float32, in the task's units."""

    def __init__(self, task: str) -> None:
        """`task` is an id, without "sac_cuda/"."""
        found = _task(task, None)
        self._envs = VectorEnv(task, 1, threads=1)
        self.metadata = _metadata(found)
        self.observation_space, self.action_space = _spaces(found)
        self._ended = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[FloatArray, dict[str, Any]]:
        """The first observation [O] of a new episode. Without a seed the stream of start states goes on."""
        super().reset(seed=seed)
        self._ended = False
        obs, info = self._envs.reset(seed=seed, options=options)
        return obs[0], info

    def step(self, action: npt.ArrayLike) -> tuple[FloatArray, float, bool, bool, dict[str, Any]]:
        """One step with an action [A], which is clipped to the task's bounds."""
        if self._ended:
            raise gymnasium.error.ResetNeeded("the episode has ended: call env.reset()")
        obs, reward, terminated, truncated, info = self._envs.step(np.reshape(action, (1, -1)))
        self._ended = bool(terminated[0] or truncated[0])
        return obs[0], float(reward[0]), bool(terminated[0]), bool(truncated[0]), info

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from .environments import BoolArray, FloatArray, Task

__version__: str

def run_command(arguments: list[str]) -> int: ...
def run_command_line(arguments: list[str]) -> int: ...
def tasks() -> list[Task]: ...
def train(
    arguments: list[str],
    print: Callable[[str], object],
    callback: Callable[[dict[str, Any]], object] | None,
) -> str: ...
def read_policy(path: str, agent: int) -> dict[str, Any]: ...
def gradient_step(
    file: bytes, device: str, precision: str, mlp: str, reference: bool
) -> dict[str, npt.NDArray[np.floating[Any]]]: ...
def step_metadata(algorithm: str, act: int) -> dict[str, str]: ...
def gradcheck(
    arguments: list[str],
) -> tuple[str, str, list[tuple[str, str, str, float, float, bool]]]: ...

class VectorEnvironment:
    def __init__(self, task: str, num_envs: int, same_step: bool, threads: int | None) -> None: ...
    def reset(self, seed: int | None, obs: FloatArray) -> None: ...
    def step(
        self,
        action: FloatArray,
        obs: FloatArray,
        reward: FloatArray,
        terminated: BoolArray,
        truncated: BoolArray,
        final_obs: FloatArray,
    ) -> bool: ...

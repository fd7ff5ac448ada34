"""Training, and what a run leaves behind."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from . import _core
from ._arguments import arguments

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from typing_extensions import Unpack

    from .policy import Policy

_COUNTS = ("agent", "env_steps", "updates")


class TrainOptions(TypedDict, total=False):
    """What `sac_cuda train --help` lists, with underscores. Counts may be text: "64k", "1e6"."""

    preset: str | None
    algorithm: str | None
    device: str | None
    precision: str | None
    mlp: str | None
    out: str | os.PathLike[str] | None
    resume: str | os.PathLike[str] | None
    config: str | os.PathLike[str] | None
    seed: int | str | None
    envs: int | str | None
    agents: int | str | None
    threads: int | str | None
    hidden: int | str | None
    batch: int | str | None
    updates_per_step: int | str | None
    replay_size: int | str | None
    warmup: int | str | None
    policy_lr: float | str | None
    value_lr: float | str | None
    gamma: float | str | None
    tau: float | str | None
    reward_scale: float | str | None
    alpha: float | str | None
    target_entropy: float | str | None
    eval_every: int | str | None
    eval_episodes: int | str | None
    target_return: float | str | None
    steps: int | str | None
    updates: int | str | None
    time_limit: float | str | None
    save_every: float | str | None
    keep_going: bool
    quiet: bool


@dataclass(frozen=True)
class Evaluation:
    """A run at one of its evaluations. Returns are of all agents' episodes, in the task's units."""

    env_steps: int  #: transitions so far, per agent
    updates: int  #: gradient steps so far, per agent
    evaluations: int  #: so far, this one included
    train_seconds: float  #: in the training loop, without evaluation and files
    wall_seconds: float  #: since the start, everything included
    return_mean: float
    return_std: float
    return_min: float
    return_max: float
    agents: int
    solved: int  #: agents that have solved the task


class Run:
    """A run directory, of a run that has ended or still goes on."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = Path(directory)

    def __fspath__(self) -> str:
        return str(self.directory)

    def __repr__(self) -> str:
        return f"Run({str(self.directory)!r})"

    @cached_property
    def policy(self) -> Policy:
        """The best policy of agent 0."""
        return self.policy_of(0)

    def policy_of(self, agent: int) -> Policy:
        """The best policy of one agent, its last one if it has no best. ValueError if it has neither."""
        from .policy import Policy

        return Policy.load(self, agent=agent)

    @property
    def config(self) -> dict[str, Any]:
        """Every value that the run used: config.json."""
        return self._json("config.json")

    @property
    def summary(self) -> dict[str, Any]:
        """The result: summary.json. FileNotFoundError before the run's end."""
        return self._json("summary.json")

    @property
    def solved(self) -> bool:
        """Have all its agents solved the task?"""
        return bool(self.summary["solved"])

    @property
    def metrics(self) -> dict[str, npt.NDArray[np.generic]]:
        """metrics.csv by column, one row [M] per evaluation and agent that learned.

        Counts are int64, the rest float64; NaN where there was none.
        """
        import numpy as np

        with open(self.directory / "metrics.csv", newline="") as file:
            names, *rows = csv.reader(file)
        columns: dict[str, npt.NDArray[np.generic]] = {}
        for i, name in enumerate(names):
            values = [row[i] for row in rows]
            if name in _COUNTS:
                columns[name] = np.array(values, dtype=np.int64)
            else:
                columns[name] = np.array([v or "nan" for v in values], dtype=np.float64)
        return columns

    def report(self, out: str | os.PathLike[str]) -> Path:
        """Writes the page of `sac_cuda report` to `out`, a name that ends in .html."""
        return self._write("report", self, "--out", out)

    def gif(self, out: str | os.PathLike[str], *, seed: int = 0, seconds: float | None = None) -> Path:
        """Writes an episode of the best policy as `sac_cuda play --gif` does, its first `seconds`."""
        limit = [] if seconds is None else ["--seconds", str(seconds)]
        return self._write("play", self, "--seed", str(seed), *limit, "--gif", out)

    def export(self, out: str | os.PathLike[str]) -> Path:
        """Writes the best policy as `sac_cuda export` does: .onnx, or .h for C."""
        return self._write("export", self, out)

    @staticmethod
    def _write(command: str, *words: str | os.PathLike[str]) -> Path:
        _core.run_command([command, *(os.fspath(word) for word in words)])
        return Path(words[-1])

    def _json(self, name: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.directory / name).read_text())
        return content


def train(
    env: str | None = None,
    *,
    callback: Callable[[Evaluation], object] | None = None,
    **options: Unpack[TrainOptions],
) -> Run:
    """Trains until the task is solved or a limit is reached, as `sac_cuda train` does, with its bits.

    Args:
        env: the task's id; None: that of a run which is resumed, or the command's default.
        callback: called with an `Evaluation` after every one; the run ends if it returns something true.
        options: those of the command, with underscores for dashes: `TrainOptions`.

    Returns:
        The run. Its directory is complete: a callback or Ctrl-C ends it as a signal ends the command,
        saved, so that `train(resume=run)` goes on. Ctrl-C raises KeyboardInterrupt then, and what a
        callback raises comes out then too.

    Raises:
        ValueError: an unknown option or a bad value, in the command's own words.
        RuntimeError: training diverged, or a file could not be written.

    Other Python threads run meanwhile. Several runs may go on at a time, each in a thread that calls this.
    """
    notify = None
    if callback is not None:
        def notify(fields: dict[str, Any]) -> object:
            return callback(Evaluation(**fields))

    return Run(_core.train(arguments({"env": env, **options}), _print, notify))


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()

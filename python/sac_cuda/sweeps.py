"""Sweeps: many trials side by side, each with its own hyperparameters."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ._arguments import arguments
from .runs import Run


@dataclass(frozen=True)
class Trial:
    """One point of a sweep, and what its agents came to."""

    number: int
    values: dict[str, float]  #: by option, "policy_lr"
    run: Run
    agents: int
    solved: int  #: agents that have solved the task
    return_iqm: float | None  #: interquartile mean of the agents' best returns
    return_iqm_interval: tuple[float | None, float | None]  #: 95 %
    updates: float  #: gradient steps until solved or ended: the median of the agents


class Sweep:
    """The directory of a sweep that has ended."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = Path(directory)

    def __fspath__(self) -> str:
        return str(self.directory)

    def __repr__(self) -> str:
        return f"Sweep({str(self.directory)!r})"

    @property
    def trials(self) -> list[Trial]:
        """Best first. FileNotFoundError before the sweep's end."""
        ranking: dict[str, Any] = json.loads((self.directory / "ranking.json").read_text())
        names = [parameter["name"] for parameter in ranking["parameters"]]
        return [
            Trial(
                number=row["trial"],
                values={name: row[name] for name in names},
                run=Run(self.directory / row["run"]),
                agents=row["agents"],
                solved=row["solved"],
                return_iqm=row["return_iqm"],
                return_iqm_interval=(row["return_iqm_low"], row["return_iqm_high"]),
                updates=row["updates"],
            )
            for row in ranking["trials"]
        ]


def sweep(
    env: str | None = None,
    *,
    out: str | os.PathLike[str],
    set: Mapping[str, str | Iterable[float]] | None = None,
    points: str | Iterable[Mapping[str, float]] | None = None,
    **options: object,
) -> Sweep:
    """Trains many trials as agents of one launch, as `sac_cuda sweep` does, in a process of its own.

    Args:
        env: the task's id; None: the command's default.
        out: the sweep's directory; the same call again goes on with what is there.
        set: what to vary: {"policy_lr": "1e-4:1e-2:log", "tau": [0.005, 0.02]}.
        points: "sobol", "random" or "grid"; or the points themselves instead of `set`, as somebody
            asks for who chooses them: [{"policy_lr": 1e-3, "tau": 0.02}, ...].
        options: those of the command, with underscores for dashes: trials, seeds, halving, updates, ...

    Returns:
        The sweep, its trials ranked.

    Raises:
        ValueError: an unknown option or a bad value, in the command's own words.
        RuntimeError: the sweep did not come to its end.
    """
    words = [f"--set={name}={text if isinstance(text, str) else ','.join(repr(float(value)) for value in text)}"
             for name, text in (set or {}).items()]
    with tempfile.TemporaryDirectory() as folder:
        if points is not None and not isinstance(points, str):
            points = _written(points, Path(folder) / "points.csv")
        words += arguments({"env": env, "out": out, "points": points, **options})
        program = [sys.executable, "-m", "sac_cuda", "sweep", *words]
        done = subprocess.run(program, stderr=subprocess.PIPE, text=True, check=False)
    message = done.stderr.strip().removeprefix("sac_cuda: ")
    if done.returncode == 2:
        raise ValueError(message)
    if done.returncode != 0:
        raise RuntimeError(message or f"the sweep ended with exit code {done.returncode}")
    return Sweep(out)


def _written(points: Iterable[Mapping[str, float]], path: Path) -> str:
    rows = list(points)
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)
    return str(path)

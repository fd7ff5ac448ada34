#!/usr/bin/env python3
"""Draws learning curves: the evaluation return of one or more runs against training time."""

import argparse
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

AXES = {
    "train_seconds": "training time [s]",
    "wall_seconds": "time [s]",
    "env_steps": "environment steps",
    "updates": "gradient steps",
}


def read_run(argument):
    """A run's configuration and its rows of metrics.csv, per agent."""
    path = Path(argument)
    directory = path if path.is_dir() else path.parent
    config = json.loads((directory / "config.json").read_text())
    agents = defaultdict(list)
    with open(directory / "metrics.csv", newline="") as file:
        for row in csv.DictReader(file):
            agents[int(row["agent"])].append({key: float(value or "nan") for key, value in row.items()})
    if not agents:
        raise ValueError(f"{directory}: no evaluation in metrics.csv")
    return config, agents


def draw(axes, config, agents, x):
    """One line per agent, with a band of one standard deviation over the episodes."""
    for agent, rows in sorted(agents.items()):
        xs = [row[x] for row in rows]
        means = [row["eval_return_mean"] for row in rows]
        stds = [row["eval_return_std"] for row in rows]
        label = f"{config['env']}, seed {config['seed'] + agent}"
        (line,) = axes.plot(xs, means, label=label, linewidth=1.5)
        low = [mean - std for mean, std in zip(means, stds)]
        high = [mean + std for mean, std in zip(means, stds)]
        axes.fill_between(xs, low, high, color=line.get_color(), alpha=0.15, linewidth=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+", metavar="RUN", help="run directory or its metrics.csv")
    parser.add_argument("--out", default="learning_curve.png", help="PNG or SVG (default: %(default)s)")
    parser.add_argument("--x", choices=AXES, default="train_seconds", help="default: %(default)s")
    parser.add_argument("--title", default="")
    arguments = parser.parse_args()

    try:
        import matplotlib
    except ImportError:
        sys.exit("plot_learning_curve: matplotlib is missing; on Debian or Ubuntu: "
                 "apt-get install python3-matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    try:
        runs = [read_run(run) for run in arguments.runs]
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"plot_learning_curve: {error}")

    figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
    for config, agents in runs:
        draw(axes, config, agents, arguments.x)
    for threshold in sorted({config["target_return"] for config, _ in runs}):
        axes.axhline(threshold, color="black", linestyle=":", linewidth=1, label=f"solved: {threshold:g}")
    axes.set_xlabel(AXES[arguments.x])
    axes.set_ylabel("return of an evaluation episode")
    axes.set_title(arguments.title)
    axes.grid(alpha=0.3)
    if len(axes.get_lines()) <= 12:
        axes.legend(fontsize="small")
    figure.savefig(arguments.out, dpi=150)
    print(arguments.out)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Optuna asks for sixteen points at a time, and all of their agents train in one launch.

Needs optuna from PyPI. Every round is a sweep: sac_cuda report runs/optuna/0 --out sweep.html shows it.
"""

import optuna
import sac_cuda

ROUNDS, POINTS = 4, 16


def values_of(trial: optuna.Trial) -> dict[str, float]:
    return {
        "policy_lr": trial.suggest_float("policy_lr", 1e-4, 1e-2, log=True),
        "tau": trial.suggest_float("tau", 0.002, 0.1, log=True),
    }


if __name__ == "__main__":
    study = optuna.create_study(direction="minimize", sampler=optuna.samplers.TPESampler(seed=0))
    for number in range(ROUNDS):
        asked = [study.ask() for _ in range(POINTS)]
        sweep = sac_cuda.sweep(
            "Pendulum-v1",
            points=[values_of(trial) for trial in asked],
            seeds=4,
            seed=1000 * number,  # no round has another one's seeds
            hidden=64,
            envs=64,
            updates=6000,
            out=f"runs/optuna/{number}",
            quiet=True,
        )
        for trial in sweep.trials:
            study.tell(asked[trial.number], trial.updates)  # gradient steps to solve: the median of the seeds
    print(study.best_value, study.best_params)

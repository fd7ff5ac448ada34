#!/usr/bin/env python3
"""Optuna chooses a learning rate and a discount for Pendulum-v1, and ends what does not promise much.

Needs optuna from PyPI. Every trial is a run of its own: sac_cuda report runs/optuna/* --out sweep.html
shows them side by side.
"""

import optuna
import sac_cuda


def objective(trial: optuna.Trial) -> float:
    """Training seconds to solve the task, of the slowest of four seeds."""

    def prune(evaluation: sac_cuda.Evaluation) -> bool:
        trial.report(evaluation.return_mean, evaluation.updates)
        return trial.should_prune()

    run = sac_cuda.train(
        env="Pendulum-v1",
        hidden=64,
        envs=64,
        agents=4,
        policy_lr=trial.suggest_float("policy_lr", 1e-4, 1e-2, log=True),
        gamma=trial.suggest_float("gamma", 0.9, 0.999),
        updates=6000,
        out=f"runs/optuna/{trial.number}",
        quiet=True,
        callback=prune,
    )
    if not run.solved:
        raise optuna.TrialPruned
    return float(run.summary["seconds_to_solve"])


if __name__ == "__main__":
    study = optuna.create_study(direction="minimize", pruner=optuna.pruners.PatientPruner(None, patience=20))
    study.optimize(objective, n_trials=20)
    print(study.best_value, study.best_params)

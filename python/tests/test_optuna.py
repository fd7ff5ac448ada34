from __future__ import annotations

import optuna
import pytest
import sac_cuda


@pytest.mark.parametrize("jobs", [1, 2])
def test_optuna_drives_train_and_prunes(small, tmp_path, jobs):
    """As examples/optuna_sweep.py does: an unpromising trial ends at its next evaluation."""

    def objective(trial):
        def prune(evaluation):
            trial.report(evaluation.return_mean, evaluation.updates)
            return trial.number >= 2 and trial.should_prune()

        gamma = trial.suggest_float("gamma", 0.9, 0.999)
        run = sac_cuda.train(**{**small, "gamma": gamma, "out": tmp_path / str(trial.number)}, callback=prune)
        if run.summary["stop_reason"] == "interrupted":
            raise optuna.TrialPruned
        return run.summary["agent_results"][0]["best_return_mean"]

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    pruner = optuna.pruners.ThresholdPruner(lower=0, n_warmup_steps=60)  # all returns are below
    study = optuna.create_study(direction="maximize", pruner=pruner)
    study.optimize(objective, n_trials=4, n_jobs=jobs)
    states = [trial.state.name for trial in study.trials]
    assert states.count("COMPLETE") == 2 and states.count("PRUNED") == 2
    assert study.best_value < 0
    assert sac_cuda.Run(tmp_path / "3").summary["updates"] == 100

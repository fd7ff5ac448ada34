from __future__ import annotations

import pytest
import sac_cuda


@pytest.fixture
def sweep_options(small):
    return {name: value for name, value in small.items() if name not in ("agents", "seed", "out")} | {"seeds": 2}


def test_given_points_become_trials(sweep_options, tmp_path):
    points = [{"policy_lr": 1e-3, "tau": 0.01}, {"policy_lr": 3e-3, "tau": 0.1}, {"policy_lr": 1e-4, "tau": 0.05}]
    sweep = sac_cuda.sweep(points=points, out=tmp_path / "sweep", **sweep_options)
    assert {trial.number: trial.values for trial in sweep.trials} == dict(enumerate(points))
    returns = [trial.return_iqm for trial in sweep.trials]
    assert returns == sorted(returns, reverse=True)
    assert sweep.trials[0].run.policy_of(1) is not None
    again = sac_cuda.sweep(points=points, out=sweep, **sweep_options)  # nothing is left to do
    assert [trial.return_iqm for trial in again.trials] == returns


def test_ranges_and_lists(sweep_options, tmp_path):
    sweep = sac_cuda.sweep(
        set={"policy_lr": "1e-4:1e-2:log", "tau": [0.005, 0.1]}, trials=4, out=tmp_path / "sweep", **sweep_options
    )
    assert len(sweep.trials) == 4
    assert {trial.values["tau"] for trial in sweep.trials} == {0.005, 0.1}
    with pytest.raises(ValueError, match="--set hidden: cannot be swept"):
        sac_cuda.sweep(set={"hidden": [64]}, out=tmp_path / "other", **sweep_options)

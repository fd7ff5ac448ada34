from __future__ import annotations

import filecmp
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import sac_cuda
from sac_cuda.runs import TrainOptions

from conftest import SMALL

# The program that was built with the module; the module has the same one inside.
PROGRAM = [os.environ["SAC_CUDA"]] if "SAC_CUDA" in os.environ else [sys.executable, "-m", "sac_cuda"]


def command(*words):
    return subprocess.run([*PROGRAM, *map(str, words)], capture_output=True, text=True)


def as_words(options):
    for name, value in options.items():
        yield "--" + name.replace("_", "-")
        if value is not True:
            yield value


def test_trains_the_bits_of_the_command(small, tmp_path):
    other = tmp_path / "command"
    assert command("train", *as_words({**small, "out": other})).returncode == 0
    run = sac_cuda.train(**small)
    assert run.directory == small["out"]
    for name in ("checkpoint.safetensors", "best.safetensors"):
        assert filecmp.cmp(run.directory / name, other / name, shallow=False), name
    times = {"train_seconds", "wall_seconds", "env_steps_per_second", "updates_per_second"}
    theirs = sac_cuda.Run(other).metrics
    for name, column in run.metrics.items():
        assert name in times or np.array_equal(column, theirs[name], equal_nan=True), name


def test_has_the_options_of_the_command():
    listed = set(re.findall(r"^  --([a-z-]+)", command("train", "--help").stdout, re.MULTILINE))
    ours = {name.replace("_", "-") for name in TrainOptions.__annotations__} | {"env"}
    assert listed - {"help"} == ours


@pytest.mark.parametrize("options", [
    {"gama": 0.9}, {"hidden": 0}, {"hidden": "wide"}, {"gamma": 1.5}, {"env": "Pendulum-v2"},
    {"preset": "slow"}, {"device": "tpu"}, {"seed": -1}, {"resume": "/nowhere"},
    {"config": "/nowhere"}, {"replay_size": 10, "batch": 20},
])  # fmt: skip
def test_refuses_in_the_commands_own_words(options, tmp_path):
    words = command("train", *as_words(options))
    assert words.returncode == 2
    with pytest.raises(ValueError) as error:
        sac_cuda.train(**options, out=tmp_path / "run")
    assert f"sac_cuda: {error.value}\n" == words.stderr
    assert not (tmp_path / "run").exists()


def test_tells_of_every_evaluation_and_keeps_them(small):
    seen = []
    run = sac_cuda.train(**small, callback=seen.append)
    metrics = run.metrics
    assert [e.updates for e in seen] == [50, 100, 150, 200] == metrics["updates"].tolist()
    assert [e.return_mean for e in seen] == metrics["eval_return_mean"].tolist()
    assert metrics["updates"].dtype == np.int64 and metrics["loss_q1"].dtype == np.float64
    assert np.isnan(metrics["confirm_return_mean"]).all()
    assert not run.solved and run.summary["updates"] == 200 and run.config["hidden"] == 8


def test_a_callback_ends_the_run_and_resume_goes_on_with_the_same_bits(small, tmp_path):
    run = sac_cuda.train(**small, callback=lambda e: e.updates == 100)
    assert run.summary["stop_reason"] == "interrupted" and run.summary["updates"] == 100
    run = sac_cuda.train(resume=run, updates=200, quiet=True)
    whole = sac_cuda.train(**{**small, "out": tmp_path / "whole"})
    name = "checkpoint.safetensors"
    assert filecmp.cmp(run.directory / name, whole.directory / name, shallow=False)


def test_what_a_callback_raises_comes_out_of_a_run_that_is_saved(small):
    def fail(_):
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        sac_cuda.train(**small, callback=fail)
    assert sac_cuda.Run(small["out"]).summary["updates"] == 50
    assert (small["out"] / "state.safetensors").exists()


def test_prints_through_python(small, capsys):
    sac_cuda.train(**{**small, "quiet": False})
    printed = capsys.readouterr().out
    assert f"run directory: {small['out']}" in printed and "(stopped by: updates)" in printed


def test_quiet_prints_nothing(small, capfd):
    sac_cuda.train(**small)
    assert capfd.readouterr() == ("", "")


def test_other_threads_run_meanwhile(small):
    ticks = []
    done = threading.Event()

    def tick():
        while not done.wait(0.005):
            ticks.append(time.perf_counter())

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.perf_counter()
    sac_cuda.train(**{**small, "updates": 2000, "eval_every": 2000})
    end = time.perf_counter()
    done.set()
    thread.join()
    during = [t for t in ticks if begin < t < end]
    assert len(during) > 5
    assert np.max(np.diff([begin, *during, end])) < 0.5 * (end - begin)


def test_runs_side_by_side_have_the_bits_of_runs_alone(small, tmp_path):
    def run(name, seed):
        return sac_cuda.train(**{**small, "seed": seed, "out": tmp_path / name})

    with ThreadPoolExecutor() as pool:
        together = [pool.submit(run, f"together{s}", s) for s in (1, 2)]
    for seed, future in zip((1, 2), together):
        alone = run(f"alone{seed}", seed)
        name = "checkpoint.safetensors"
        assert filecmp.cmp(future.result().directory / name, alone.directory / name, shallow=False)


CTRL_C = """
import sac_cuda, sys
try:
    sac_cuda.train(**{options!r})
except KeyboardInterrupt:
    print("interrupted")
    sys.exit(7)
"""


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_ends_it_saved(tmp_path, times):
    options = {**SMALL, "keep_going": True, "time_limit": 60, "quiet": False, "out": str(tmp_path / "run")}
    script = CTRL_C.format(options=options)
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if " | " in line:  # an evaluation
            break
    for _ in range(times):
        process.send_signal(signal.SIGINT)
    output = process.stdout.read()
    assert process.wait(30) == 7
    assert "(stopped by: interrupted)" in output and output.endswith("interrupted\n")
    run = sac_cuda.Run(tmp_path / "run")
    assert run.summary["stop_reason"] == "interrupted"
    resumed = sac_cuda.train(resume=run, updates=run.summary["updates"] + 50, quiet=True)
    assert resumed.summary["updates"] >= run.config["updates"]


def test_the_command_line_is_there_and_listens_to_signals(tmp_path):
    arguments = as_words({**SMALL, "keep_going": True, "out": tmp_path / "run"})
    module = [sys.executable, "-m", "sac_cuda", "train", *map(str, arguments)]
    process = subprocess.Popen([word for word in module if word != "--quiet"], stdout=subprocess.PIPE,
                               text=True)  # fmt: skip
    for line in process.stdout:
        if " | " in line:
            break
    process.send_signal(signal.SIGINT)
    assert "SIGINT: finishing the step and saving" in process.stdout.read()
    assert process.wait(30) == 128 + signal.SIGINT


def test_agents_have_policies_of_their_own(small):
    run = sac_cuda.train(**small, agents=2)
    first, second = (run.policy_of(agent).parameters["pi.mean.weight"] for agent in (0, 1))
    assert not np.array_equal(first, second)
    with pytest.raises(ValueError, match="agent2"):
        run.policy_of(2)
    assert sorted(set(run.metrics["agent"])) == [0, 1]


def test_writes_reports_animations_and_exports(solved, tmp_path):
    assert solved.solved
    assert solved.report(tmp_path / "page.html").read_text().startswith("<!doctype html>")
    assert solved.gif(tmp_path / "play.gif", seconds=1).read_bytes().startswith(b"GIF89a")
    assert b"action" in solved.export(tmp_path / "policy.onnx").read_bytes()
    with pytest.raises(ValueError, match="expected a name that ends in .html"):
        solved.report(tmp_path / "page.txt")

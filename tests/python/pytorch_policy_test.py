#!/usr/bin/env python3
"""scripts/pytorch_policy.py against the program's own export, for every task: PyTorch must act as the C header
that `sac_cuda export` writes, on 10,000 observations to 1e-6, and so must the .pt2 file that it writes itself.
`make peers` runs it: PyTorch is 5 GB, too much for `make test`. Usage: pytorch_policy_test.py SAC_CUDA"""

import ctypes
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from pytorch_policy import load_policy  # noqa: E402

TASKS = {"InvertedPendulumBulletEnv-v0": 5, "InvertedPendulumSwingupBulletEnv-v0": 5, "Pendulum-v1": 3,
         "InvertedPendulum-v5": 4, "InvertedDoublePendulumBulletEnv-v0": 9, "InvertedDoublePendulum-v5": 9}  # fmt: skip
ROWS = 10_000


def compiled_header(folder, program, obs):
    """The action of the exported C header for each row of `obs`."""
    subprocess.run([program, "export", folder / "run", folder / "policy.h"], check=True, capture_output=True)
    (folder / "rows.c").write_text(
        '#include "policy.h"\nvoid act(const float *o, float *a, int n) {'
        f"for (int i = 0; i < n; ++i) policy_action(o + {obs.shape[1]} * i, a + i); }}\n")  # fmt: skip
    library = folder / "rows.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", folder / "rows.c", "-o", library, "-lm"], check=True)
    action = torch.empty(len(obs), 1)
    pointers = [ctypes.c_void_p(t.data_ptr()) for t in (obs, action)]
    ctypes.CDLL(str(library)).act(*pointers, len(obs))
    return action


def check_task(program, task, width):
    torch.manual_seed(1)
    obs = 2 * torch.rand(ROWS, width) - 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        options = ["--updates", "50", "--hidden", "64", "--eval-episodes", "1", "--device", "cpu", "--quiet"]
        subprocess.run([program, "--env", task, *options, "--out", folder / "run"], check=True)
        expected = compiled_header(folder, program, obs)
        script = [sys.executable, ROOT / "scripts/pytorch_policy.py", folder / "run", folder / "policy.pt2"]
        subprocess.run(script, check=True, capture_output=True)
        exported = torch.export.load(folder / "policy.pt2").module()
        with torch.no_grad():
            actions = {"load_policy": load_policy(folder / "run")(obs), ".pt2": exported(obs)}
            exported(obs[:1])  # any number of rows
        for what, action in actions.items():
            error = (action - expected).abs().max().item()
            assert error <= 1e-6, f"{task}, {what}: off by {error}"
            print(f"{task}, {what}: off by {error:.1e}")
        check_bad_input(folder)


def check_bad_input(folder):
    """One line, exit code 2, nothing written."""
    (folder / "empty").mkdir()
    (folder / "half.safetensors").write_bytes((folder / "run/best.safetensors").read_bytes()[:1000])
    before = sorted(folder.iterdir())
    for run, target in (("empty", "x.pt2"), ("missing", "x.pt2"), ("half.safetensors", "x.pt2"), ("run", "no/x.pt2")):
        script = [sys.executable, ROOT / "scripts/pytorch_policy.py", folder / run, folder / target]
        result = subprocess.run(script, capture_output=True, text=True)
        assert result.returncode == 2 and result.stdout == "", result
        assert result.stderr.count("\n") == 1 and result.stderr.startswith("pytorch_policy: "), result.stderr
    assert sorted(folder.iterdir()) == before


def main():
    program = Path(sys.argv[1]).resolve()
    for task, width in TASKS.items():
        check_task(program, task, width)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""docs/examples/pytorch_step.py against `sac_cuda step`, on both step files of tests/data/step: without a fault
it must agree everywhere, and each fault must show on one of the files by what docs/checking-your-code.md says.
`make peers` runs it: PyTorch is 5 GB, too much for `make test`. Usage: pytorch_step_test.py SAC_CUDA"""

import math
import subprocess
import sys
import tempfile
from pathlib import Path

from safetensors.numpy import load_file

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs/examples"))
from compare_steps import errors, is_wrong  # noqa: E402
from pytorch_step import FAULTS, Step, step_file  # noqa: E402

FILES = [ROOT / f"tests/data/step/{name}.safetensors" for name in ("small_h32_b48", "pendulum_h64_b100_step7")]
LETTERS = {"v": "V", "pi": "π", "q1": "Q1", "q2": "Q2", "v_target": "V̄"}
RATE = 3e-4  # of both files


def right_step(program, file):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "step", "--inputs", file, "--outputs", f"{folder}/right", "--double", "--device", "cpu"]
        subprocess.run(command, check=True, capture_output=True)
        return load_file(f"{folder}/right")


def what_is_off(right, file, step_class):
    """As in the page's table: each network's gradient error, or where that is right the other ones."""
    mine = {name: tensor.numpy() for name, tensor in step_file(file, step_class).items()}
    found, cells = errors(right, mine, RATE), []
    if any(map(is_wrong, found["v"])):
        del found["v_target"]  # it follows V
    for network, (loss, gradient, parameters) in found.items():
        for name, error in (("", gradient), ("loss ", loss), ("parameters ", parameters)):
            if is_wrong(error):
                value = "NaN" if math.isnan(error) else f"{error:.2g}"
                cells.append(f"{LETTERS[network]} {name}{value}")
                break
    return ", ".join(cells) or "–"


def main():
    program = Path(sys.argv[1]).resolve()
    page = (ROOT / "docs/checking-your-code.md").read_text()
    right = {file: right_step(program, file) for file in FILES}
    assert [what_is_off(right[file], file, Step) for file in FILES] == ["–", "–"]
    rows = [f"`{name}` | " + " | ".join(what_is_off(right[file], file, fault) for file in FILES) + " |"
            for name, fault in FAULTS.items()]  # fmt: skip
    print("\n".join(rows))
    missing = [row for row in rows if row not in page or row.endswith("| – | – |")]
    assert not missing, "docs/checking-your-code.md lacks: " + "; ".join(missing)


if __name__ == "__main__":
    main()

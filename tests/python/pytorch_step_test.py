#!/usr/bin/env python3
"""docs/examples/pytorch_step.py against `sac_cuda step`, on both step files of tests/data/step: without a fault
it must agree everywhere, and each fault must show on one of the files by what docs/checking-your-code.md says.
`make peers` runs it: PyTorch is 5 GB, too much for `make test`. Usage: pytorch_step_test.py SAC_CUDA"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs/examples"
FILES = ["small_h32_b48", "pendulum_h64_b100_step7"]
LETTERS = {"v": "V", "pi": "π", "q1": "Q1", "q2": "Q2", "v_target": "V̄"}


def python(script, *arguments):
    return subprocess.run([sys.executable, EXAMPLES / script, *arguments], capture_output=True, text=True)


def what_is_off(right, mine):
    """As in the page's table: each network's gradient error, or where that is right the other ones."""
    result = python("compare_steps.py", right, mine)
    cells, rows = [], [line.split() for line in result.stdout.splitlines()[1:]]
    assert len(rows) == 5 and (result.returncode == 0) == all(set(row[1:]) <= {"right", "-"} for row in rows), result
    for network, loss, gradient, parameters in rows:
        wrong = [(name, cell) for name, cell in (("", gradient), ("loss ", loss), ("parameters ", parameters))
                 if cell not in ("right", "-")]  # fmt: skip
        # V̄ follows V: it is told only where V is right.
        if wrong and not (network == "v_target" and cells[:1] and cells[0].startswith("V ")):
            value = "NaN" if wrong[0][1] == "nan" else f"{float(wrong[0][1]):.2g}"
            cells.append(f"{LETTERS[network]} {wrong[0][0]}{value}")
    return ", ".join(cells) or "–"


def main():
    program = Path(sys.argv[1]).resolve()
    faults = re.findall(r"^class (\w+)\(Step\)", (EXAMPLES / "pytorch_step.py").read_text(), re.MULTILINE)
    page = (ROOT / "docs/checking-your-code.md").read_text()
    missing = []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for file in FILES:
            inputs = ["--inputs", ROOT / f"tests/data/step/{file}.safetensors"]
            command = [program, "step", *inputs, "--outputs", folder / file, "--double", "--device", "cpu"]
            subprocess.run(command, check=True, capture_output=True)
        for fault in [None, *faults]:
            found = []
            for file in FILES:
                step = [ROOT / f"tests/data/step/{file}.safetensors", folder / "mine", *(["--as", fault] if fault else [])]
                result = python("pytorch_step.py", *step)
                assert result.returncode == 0, result.stderr
                found.append(what_is_off(folder / file, folder / "mine"))
            if fault is None:
                assert found == ["–", "–"], found
                continue
            assert found != ["–", "–"], f"{fault} shows nowhere"
            row = f"`{fault}` | {found[0]} | {found[1]} |"
            print(row)
            if row not in page:
                missing.append(row)
    assert not missing, "docs/checking-your-code.md lacks: " + "; ".join(missing)


if __name__ == "__main__":
    main()

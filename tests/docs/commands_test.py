#!/usr/bin/env python3
"""Runs every command that README.md and the pages of docs/ show, page by page, each in a folder of its own.

    commands_test.py SAC_CUDA [PAGE]...

A command is a line of a block fenced as ```sh that begins with "$ ", or an indented line that begins with a program
of ours. It must exit with 0. Lines below a "$ " are its output, up to the next one: they must come again in the same
shape, numbers and spaces aside; a line "..." stands for any number of others. Commands that are not run, or not at
length, are in the two lists here, with the reason; an entry that no page needs any more is an error.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What a page's commands find, and where; a page that does not mention a path goes without it.
PREPARED = {
    "runs/NAME": "build/sac_cuda --env Pendulum-v1 --hidden 64 --quiet --out runs/NAME",
    "runs/A-": "cp -r runs/NAME runs/A-0 && cp -r runs/NAME runs/B-0",
    "runs/hidden64-": "cp -r runs/NAME runs/hidden64-0 && cp -r runs/NAME runs/hidden256-0",
    "actions.csv": "printf 'action\\n1\\n-2\\n' > actions.csv",
    "--inputs in.safetensors": "cp tests/data/step/small_h32_b48.safetensors in.safetensors",
}

# What would take long, and what is run instead.
SHORTENED = {
    "build/sac_cuda  ": "build/sac_cuda --time-limit 1  ",
    "--env Pendulum-v1 --seed 7": "--env Pendulum-v1 --seed 7 --hidden 64",
    "sweep --set policy-lr": "sweep --env Pendulum-v1 --hidden 64 --updates 256 --trials 4 --set policy-lr",
    "--trials 64 --halving": "--updates 256 --trials 4 --seeds 2 --halving",
    "gradcheck --hidden 256": "gradcheck --hidden 32",
    "--preset article --steps 200000": "--preset article --steps 1500 --hidden 64 --eval-episodes 2",
    "--agents 8 --keep-going --time-limit 60": "--agents 8 --keep-going --time-limit 1",
    "--resume runs/NAME --keep-going": "--resume runs/NAME --keep-going --updates 3000",
    "--resume runs/NAME --updates 200000": "--resume runs/NAME --updates 3000",
    "man | man -l -": "man > sac_cuda.1",
}

NOT_RUN = {
    r"make ": "builds what this test comes from, or measures for minutes",
    r"build/sac_cuda play runs/NAME *(#.*)?$": "wants a terminal: Play in tests/host/commands/play_test.cpp has one",
    r"build-test/sac_cuda_simt ": "the emulator takes minutes: simt.* among the tests",
    r"tensorboard ": "serves until it is stopped: tests/host/tensorboard/events_test.cpp reads the files with TensorBoard's reader",
}
# PyTorch is too large for `make test`; `make peers` has it, runs this test on the page, and tests the script.
if subprocess.run([sys.executable, "-c", "import torch, safetensors"], capture_output=True).returncode != 0:
    NOT_RUN[r".*(pytorch_policy\.py|pytorch_step\.py|compare_steps\.py)"] = "PyTorch, 5 GB: run by `make peers`"

OURS = re.compile(r" {4}((?:build|build-test|scripts)/\S.*|make .*)")
NUMBER = re.compile(r"[-+]?\d[\d.,_]*(?:e[-+]?\d+)?[kMG]?\b")


def commands(page):
    """The page's commands, and the output that it shows of each: None if it shows none."""
    found, fenced = [], False
    for line in page.read_text().splitlines():
        if line.startswith("```"):
            fenced = line == "```sh"
        elif fenced and line.startswith("$ "):
            found.append([line[2:], None])
        elif fenced:
            assert found, f"{page}: a block fenced as sh begins with a command, '$ ...', not with {line!r}"
            found[-1][1] = (found[-1][1] or []) + [line]
        elif match := OURS.fullmatch(line):
            found.append([match[1].strip(), None])
    return found


def shape(line):
    return " ".join(NUMBER.sub("#", line).split())


def same_shape(shown, printed):
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(shape(line)) + "\n" for line in shown)
    return re.fullmatch(pattern, "".join(shape(line) + "\n" for line in printed)) is not None


def entry_for(command, entries, used, matches):
    for entry in entries:
        if matches(entry, command):
            used.add(entry)
            return entry
    return None


class Shell:
    """A folder like a clone in which the program was built, and what is run there."""

    def __init__(self, program, folder):
        self.folder = folder
        (folder / "build").mkdir()
        (folder / "build/sac_cuda").symlink_to(program)
        for name in ("docs", "scripts", "tests"):
            (folder / name).symlink_to(ROOT / name)
        path = os.pathsep.join([str(folder / "build"), str(Path(sys.executable).parent), os.environ["PATH"]])
        # A machine with a GPU shows the same output.
        self.environment = os.environ | {"PATH": path, "CUDA_VISIBLE_DEVICES": "", "COLUMNS": "80"}

    def run(self, command):
        """The exit code and the lines of output."""
        result = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], cwd=self.folder, env=self.environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, timeout=120)  # fmt: skip
        return result.returncode, result.stdout.splitlines()


def check_page(program, page, used):
    """Runs a page's commands; a list of what was wrong."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        shell, text = Shell(program, Path(folder)), page.read_text()
        for path, command in PREPARED.items():
            if path in text or (path == "runs/NAME" and "runs/A-" in text):
                assert shell.run(command)[0] == 0, command
        for command, shown in commands(page):
            if reason := entry_for(command, NOT_RUN, used, re.match):
                print(f"  not run: {command}: {NOT_RUN[reason]}")
                continue
            if short := entry_for(command, SHORTENED, used, lambda entry, text: entry in text):
                command = command.replace(short, SHORTENED[short])
            start = time.monotonic()
            code, printed = shell.run(command)
            print(f"  {time.monotonic() - start:4.1f} s  {command}", flush=True)
            if code != 0:
                wrong.append(f"{page.name}: {command}: exit code {code}: " + "\n".join(printed[-5:]))
            elif shown is not None and not same_shape(shown, printed):
                wrong.append(f"{page.name}: {command}: shown\n" + "\n".join(shown) + "\nprinted\n" + "\n".join(printed))
    return wrong


def main():
    program, pages = Path(sys.argv[1]).resolve(), [Path(name) for name in sys.argv[2:]]
    every = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    wrong, used = [], set()
    for page in pages or every:
        print(page)
        wrong += check_page(program, page, used)
    if not pages:
        stale = (NOT_RUN.keys() | SHORTENED.keys()) - used
        wrong += [f"{Path(__file__).name}: no page has '{entry}' any more" for entry in stale]
    sys.exit("\n\n".join(wrong) or 0)


if __name__ == "__main__":
    main()

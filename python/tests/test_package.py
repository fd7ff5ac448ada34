from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sac_cuda
from sac_cuda.environments import tasks

from conftest import ROOT


def python(code, *options):
    return subprocess.run([sys.executable, *options, "-c", code], check=True, capture_output=True, text=True)


def test_import_takes_at_most_50_ms():
    def milliseconds():
        last = python("import sac_cuda", "-X", "importtime").stderr.splitlines()[-1]
        assert last.endswith("| sac_cuda")
        return int(last.split("|")[1]) / 1000

    assert min(milliseconds() for _ in range(5)) <= 50


def test_import_loads_nothing_else():
    loaded = python("import sac_cuda, sys; print(*sys.modules)").stdout.split()
    assert not {"numpy", "gymnasium", "typing", "sac_cuda._core"} & set(loaded)


@pytest.mark.parametrize("order", ["gymnasium, sac_cuda", "sac_cuda, gymnasium"])
def test_tasks_are_registered_whatever_is_imported_first(order):
    code = f"import {order}; print(*sorted(i for i in gymnasium.registry if i.startswith('sac_cuda/')))"
    assert python(code).stdout.split() == sorted(f"sac_cuda/{task}" for task in tasks())


def test_there_is_one_version():
    version = re.search(r"project\(sac_cuda VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    assert sac_cuda.__version__ == version
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()


def test_public_names_are_there_and_documented():
    for name in sac_cuda.__all__:
        value = getattr(sac_cuda, name)
        assert name == "__version__" or value.__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        sac_cuda.trian


def test_is_typed(tmp_path):
    package = Path(sac_cuda.__file__).parent
    assert (package / "py.typed").exists() and (package / "_core.pyi").exists()
    environment = os.environ | {"MYPYPATH": str(package.parent)}

    def mypy(*words):
        command = [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={tmp_path}", *words]
        return subprocess.run(command, capture_output=True, text=True, env=environment)

    use = "import sac_cuda; r = sac_cuda.train('Pendulum-v1', hidden=64); reveal_type(r.policy)"
    checked = mypy("-p", "sac_cuda")
    assert checked.returncode == 0, checked.stdout
    assert "sac_cuda.policy.Policy" in mypy("-c", use).stdout
    wrong = mypy("-c", use.replace("hidden", "hiden"))
    assert wrong.returncode == 1 and "hiden" in wrong.stdout

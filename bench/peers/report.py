"""The comparison as Markdown."""

import math
from statistics import median

from contenders import OURS

NOISY = 1.15
"""The largest sample over the smallest, from which on a table says that the machine was noisy."""

NAMES = {
    OURS: "**sac_cuda**",
    "torch-eager": "PyTorch, eager",
    "torch-compile": "PyTorch, `torch.compile`",
    "torch-graph": "PyTorch, CUDA graph",
    "jax": "JAX, jit",
    "rltools": "RLtools",
    "sb3": "Stable-Baselines3 (SAC v2)",
    "sbx": "SBX (SAC v2)",
    "envpool": "EnvPool",
    "gymnasium": "Gymnasium",
}


def heading(machine, command):
    """Where, with what, and how."""
    versions = "".join(f", {name} {v}" for name, v in machine["versions"].items())
    gpu = machine["gpu"] or "no GPU"
    return [
        f"{machine['processor']} ({machine['vector_instructions']}), {machine['cores']} cores, {gpu}; "
        f"{machine['system']}{versions}.",
        f"Load of the machine before and after: {machine['load_before']:.1f}, {machine['load_after']:.1f}.",
        "",
        f"    {command}",
    ]


def table(columns, rows):
    return ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)] + [
        "| " + " | ".join(row) + " |" for row in rows
    ]


def spread(samples):
    return max(samples) / min(samples)


def steps_table(case):
    """Gradient steps per second of one case; `case["samples"]` is name to rates, one per pair."""
    title = f"gradient steps, hidden {case['hidden']}, batch {case['batch']}, {threads(case['threads'])}"
    return rates_table(title, case)


def rltools_table(case):
    """The same against RLtools, with which RLtools it was."""
    title = f"environment and gradient steps, hidden {case['hidden']}, batch {case['batch']}, 1 thread"
    theirs = f"RLtools {case['commit']}, {case['descriptions']['rltools']}."
    return [theirs, "", *rates_table(title, case)]


def rates_table(title, case):
    ours = case["samples"][OURS]
    rows = []
    for name, rates in case["samples"].items():
        ratio = "" if name == OURS else f"{median(a / b for a, b in zip(ours, rates)):.2f}×"
        compile_seconds = case["compile_seconds"][name]
        compiling = "" if compile_seconds == 0 else f"{compile_seconds:.1f} s"
        between = f"{min(rates):,.0f} – {max(rates):,.0f}"
        rows.append([NAMES[name], f"{median(rates):,.0f}", between, ratio, compiling])
    columns = [title, "per second", "lowest – highest", "sac_cuda is faster by", "first call"]
    lines = table(columns, rows)
    noisy = [NAMES[name] for name, rates in case["samples"].items() if spread(rates) > NOISY]
    if noisy:
        lines += ["", f"Noisy: samples of {', '.join(noisy)} differ by more than {100 * (NOISY - 1):.0f} %."]
    return lines


def solve_table(case, cap):
    """Seconds to solve one task; `case["runs"]` is name to runs, one per seed."""
    rows = []
    ours = median_seconds(case["runs"][OURS])
    for name, runs in case["runs"].items():
        seconds, solved = median_seconds(runs), sum(run["solved"] for run in runs)
        times = [run["seconds"] for run in runs if run["solved"]]
        around = f"{min(times):.1f} – {max(times):.1f} s" if times else ""
        compiling = median(run["compile_seconds"] for run in runs)
        rows.append(
            [
                NAMES[name],
                f"{seconds:.1f} s" if math.isfinite(seconds) else f"not within {cap:g} s",
                around,
                f"{solved} of {len(runs)}",
                "" if name == OURS else faster_by(ours, seconds, cap),
                f"{compiling:.1f} s" if compiling else "",
            ]
        )
    title = f"time to solve {case['env']}, {threads(case['threads'])}"
    return table([title, "median", "solved runs", "solved", "sac_cuda is faster by", "compile time"], rows)


def median_seconds(runs):
    """Runs that did not solve the task count as longer than all others."""
    return median(run["seconds"] if run["solved"] else math.inf for run in runs)


def faster_by(ours, theirs, cap):
    if math.isinf(ours):
        return "?"
    return f"{theirs / ours:.1f}×" if math.isfinite(theirs) else f"more than {cap / ours:.1f}×"


def threads(count):
    return f"{count} thread" + ("" if count == 1 else "s")

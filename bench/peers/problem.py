"""The gradient step that every contender performs: its sizes, its numbers, its replay.

Tensors are named and shaped as in the step files of `sac_cuda step`: PyTorch's names, [out, in].
"""

from dataclasses import dataclass

import numpy as np

TRANSITIONS = 100_000
"""What the replay of every contender holds, filled before the clock starts (step_worker.cpp too)."""

TRAINED = ("pi", "q1", "q2", "v")
NETWORKS = (*TRAINED, "v_target")


@dataclass(frozen=True)
class Problem:
    """Sizes and hyperparameters of a step; the defaults are those of sac_step_worker."""

    hidden: int
    batch: int
    obs: int = 5
    act: int = 1
    max_action: float = 1.0
    gamma: float = 0.99
    tau: float = 0.005
    reward_scale: float = 2.0
    lr_policy: float = 3e-4
    lr_value: float = 3e-4
    lr_q: float = 3e-4
    beta1: float = 0.9
    beta2: float = 0.999
    adam_eps: float = 1e-8
    log_std_min: float = -20.0
    log_std_max: float = 2.0

    @property
    def row(self):
        """Floats of a replay row: obs, action, reward, terminated, next_obs."""
        return 2 * self.obs + self.act + 2

    def inputs(self, network):
        """Width of what a network reads."""
        return self.obs + self.act if network in ("q1", "q2") else self.obs

    def split(self, rows):
        """Views of replay rows [B, row], array or tensor: obs, obs and action together, reward,
        terminated, next_obs."""
        o, a = self.obs, self.act
        reward, terminated = rows[:, o + a], rows[:, o + a + 1]
        return rows[:, :o], rows[:, : o + a], reward, terminated, rows[:, o + a + 2 :]


def layers_of(network):
    """The layers of a network, first to last; the policy's two heads are its last layer."""
    heads = ("mean", "log_std") if network == "pi" else ("out",)
    return [("layers.0",), ("layers.1",), heads]


def group(named, networks=NETWORKS):
    """{"pi.layers.0.weight": ..., ...} as {"pi": [w1, b1, w2, b2, w3, b3], ...}; the heads of the
    policy become one layer, mean before log_std."""
    return {
        network: [
            np.concatenate([named[f"{network}.{name}.{part}"] for name in layer])
            for layer in layers_of(network)
            for part in ("weight", "bias")
        ]
        for network in networks
    }


def ungroup(groups):
    """The inverse of `group`."""
    named = {}
    for network, arrays in groups.items():
        for i, layer in enumerate(layers_of(network)):
            for part, array in zip(("weight", "bias"), arrays[2 * i : 2 * i + 2]):
                for name, head in zip(layer, np.split(np.asarray(array), len(layer))):
                    named[f"{network}.{name}.{part}"] = head
    return named


def initial_parameters(problem, seed=0):
    """Groups with PyTorch's default initialisation of linear layers; v_target is a copy of v."""
    random = np.random.default_rng(seed)

    def layer(inputs, outputs):
        bound = 1 / np.sqrt(inputs)
        sizes = ((outputs, inputs), outputs)
        return [random.uniform(-bound, bound, size).astype(np.float32) for size in sizes]

    h = problem.hidden
    groups = {
        n: layer(problem.inputs(n), h) + layer(h, h) + layer(h, 2 * problem.act if n == "pi" else 1)
        for n in TRAINED
    }
    return groups | {"v_target": [array.copy() for array in groups["v"]]}


def replay_rows(problem, seed=0):
    """A full replay, [TRANSITIONS, row] in float32; one row in a hundred is terminal."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((TRANSITIONS, problem.row), dtype=np.float32)
    o, a = problem.obs, problem.act
    rows[:, o : o + a] = problem.max_action * np.tanh(rows[:, o : o + a])
    rows[:, o + a + 1] = random.random(TRANSITIONS) < 0.01
    return rows

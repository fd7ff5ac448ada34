"""Holds a contender's gradient step against the golden step files, whose results are in float64.

What a right float32 result may be off by is the model of host/gradcheck/error_model.h, with its
constants, and for the new state what step_check.cpp there makes of it. With u = 2^-24 and
independent roundings, a sum of n products is off by about sqrt(n) u of its largest terms. The
longest way through a step (pi, Q, and back through both) has six sums over the hidden width H and
one over the batch B: sqrt(6 H + B) u in all, and twice that is granted, r = 2 u sqrt(6 H + B).

  loss       (r / sqrt(B) + sqrt(B) u) (1 + |loss|): rows average out, their sum is in float32
  gradient   r (largest of the tensor + 1 / (sqrt(B) n)): n elements may all happen to be small
  moments    what the gradient's allowance becomes in m' = b1 m + (1 - b1) g and v' likewise, and
             4 u of the largest term for the formula's own roundings
  parameter  what the moments' allowances become in Adam's formula, but at most twice the step that a
             first gradient makes, whatever its size: it may be reversed; and 4 u of the parameter
  v_target   tau of the parameter's, and 4 u of the larger of its old and its new value

The moments that the files leave out follow from their gradients by Adam's formula, in float64.
"""

import math
from pathlib import Path

import numpy as np
from safetensors import safe_open

from problem import TRAINED, Problem, group

UNIT = 2.0**-24


class GoldenStep:
    """One step file: what goes in, what must come out, and how far off it may be."""

    def __init__(self, path: Path):
        self.name = path.stem
        with safe_open(path, "numpy") as file:
            metadata = file.metadata()
            self.tensors = {name: file.get_tensor(name) for name in file.keys()}
        sizes = {key: int(metadata[key]) for key in ("hidden", "batch", "obs", "act")}
        numbers = ("max_action", "gamma", "tau", "reward_scale", "lr_policy", "lr_value", "lr_q")
        numbers += ("beta1", "beta2", "adam_eps", "log_std_min", "log_std_max")
        self.problem = Problem(**sizes, **{key: float(metadata[key]) for key in numbers})
        self.steps_before = int(metadata["step"]) - 1
        self.parameters = group(self.tensors)
        self.first_moments = group(self._with_prefix("adam.m."), TRAINED)
        self.second_moments = group(self._with_prefix("adam.v."), TRAINED)
        columns = [self.tensors[f"batch.{part}"].reshape(self.problem.batch, -1)
                   for part in ("obs", "action", "reward", "terminated", "next_obs")]  # fmt: skip
        self.rows = np.concatenate(columns, axis=1)
        self.noise = np.stack([self.tensors["noise.value"], self.tensors["noise.policy"]])
        self.expected, self.allowed = {}, {}
        self._expect_losses()
        for name in self._with_prefix("expect.grad."):
            self._expect_parameter(name)
        self._expect_target()

    def shares(self, result):
        """Name to the largest share of its allowance that a tensor of `result` uses; at most 1 if it
        is right. Infinite where it holds a NaN."""
        shares = {}
        for name, expected in self.expected.items():
            error = np.abs(np.asarray(result[name], np.float64).reshape(np.shape(expected)) - expected)
            shares[name] = float(np.max(np.nan_to_num(error / self.allowed[name], nan=math.inf)))
        return shares

    def _with_prefix(self, prefix):
        return {n.removeprefix(prefix): t for n, t in self.tensors.items() if n.startswith(prefix)}

    def _relative(self):
        return 2 * UNIT * math.sqrt(6 * self.problem.hidden + self.problem.batch)

    def _expect(self, name, value, allowance):
        self.expected[name], self.allowed[name] = value, allowance

    def _expect_losses(self):
        root = math.sqrt(self.problem.batch)
        for name, loss in self._with_prefix("expect.loss.").items():
            allowance = (self._relative() / root + root * UNIT) * (1 + np.abs(loss))
            self._expect(f"loss.{name}", loss, allowance)

    def _expect_parameter(self, name):
        p = self.problem
        gradient = self.tensors[f"expect.grad.{name}"]
        g_off = self._relative() * (np.abs(gradient).max() + 1 / (math.sqrt(p.batch) * gradient.size))
        m, v = (self.tensors[f"adam.{moment}.{name}"].astype(np.float64) for moment in "mv")
        m, m_terms = p.beta1 * m + (1 - p.beta1) * gradient, np.maximum(np.abs(m), np.abs(gradient))
        v, v_terms = p.beta2 * v + (1 - p.beta2) * gradient**2, np.maximum(v, gradient**2)
        m_off = (1 - p.beta1) * g_off + 4 * UNIT * m_terms
        v_off = (1 - p.beta2) * (2 * np.abs(gradient) + g_off) * g_off + 4 * UNIT * v_terms
        self._expect(f"grad.{name}", gradient, g_off)
        self._expect(f"adam.m.{name}", m, m_off)
        self._expect(f"adam.v.{name}", v, v_off)
        off = self._step_allowance(name, m, v, m_off, v_off)
        parameter = self.tensors[f"expect.{name}"]
        self._expect(name, parameter, off + 4 * UNIT * np.abs(parameter))

    def _step_allowance(self, name, m, v, m_off, v_off):
        """How far Adam's step may be off: between the steps of the moments' extremes."""
        p, steps = self.problem, self.steps_before + 1
        rate = {"pi": p.lr_policy, "v": p.lr_value}.get(name.split(".")[0], p.lr_q)

        def step(m, v):
            root = np.sqrt(np.maximum(v, 0) / (1 - p.beta2**steps))
            return rate * m / (1 - p.beta1**steps) / (root + p.adam_eps)

        extremes = [np.abs(step(m + i * m_off, v + j * v_off) - step(m, v)) for i in (-1, 1) for j in (-1, 1)]
        whole = rate * (1 - p.beta1) / (1 - p.beta1**steps)
        whole *= math.sqrt((1 - p.beta2**steps) / (1 - p.beta2))
        return np.minimum(np.max(extremes, axis=0), 2 * whole) + 4 * UNIT * np.abs(step(m, v))

    def _expect_target(self):
        for name, value in self._with_prefix("expect.v_target.").items():
            largest = np.maximum(np.abs(value), np.abs(self.tensors[f"v_target.{name}"]))
            off = self.problem.tau * self.allowed[f"v.{name}"] + 4 * UNIT * largest
            self._expect(f"v_target.{name}", value, off)

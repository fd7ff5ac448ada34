#!/usr/bin/env python3
"""Holds one gradient step against another: the outputs of `sac_cuda step`, or of code that writes the same tensors.

    compare_steps.py RIGHT MINE

Prints for each network by how much MINE is off, exits with 1 if it is anywhere: the loss; the gradient, as a
share of the largest element of its tensor; and the new parameters, in Adam steps of the learning rate --lr.
Both files should be float64 (`sac_cuda step --double`): then a right step is off by less than 1e-9 everywhere,
and a wrong one is not. Tensors that MINE lacks are left out. Needs numpy, safetensors.
"""

import argparse
import sys

import numpy as np
from safetensors.numpy import load_file

RIGHT_ENOUGH = 1e-9
NETWORKS = ("v", "pi", "q1", "q2", "v_target")


def loss_error(right, mine, network):
    name = f"loss.{network}"
    return abs(float(mine[name].item() - right[name].item())) if name in right and name in mine else None


def largest_error(right, mine, prefix, unit):
    """The largest difference in tensors whose name begins so, in units of unit(tensor); None if there are none."""
    shared = [name for name in right if name.startswith(prefix) and name in mine]
    return max((np.abs(mine[name] - right[name]).max() / unit(right[name]) for name in shared), default=None,
               key=lambda error: np.inf if np.isnan(error) else error)  # fmt: skip


def errors(right, mine, rate):
    """For each network, by how much loss, gradient and new parameters are off; None for what is not there."""
    return {
        network: (
            loss_error(right, mine, network),
            largest_error(right, mine, f"grad.{network}.", lambda tensor: np.abs(tensor).max()),
            largest_error(right, mine, f"{network}.", lambda tensor: rate),
        )
        for network in NETWORKS
    }


def is_wrong(error):
    return error is not None and not error < RIGHT_ENOUGH  # NaN is wrong


def shown(error):
    return "-" if error is None else f"{error:.1e}" if is_wrong(error) else "right"


def main():
    parser = argparse.ArgumentParser(description="Says by how much a gradient step is off.")
    parser.add_argument("right", metavar="RIGHT")
    parser.add_argument("mine", metavar="MINE")
    parser.add_argument("--lr", type=float, default=3e-4, help="learning rate (default: 3e-4)")
    arguments = parser.parse_args()
    found = errors(load_file(arguments.right), load_file(arguments.mine), arguments.lr)
    print(f"{'':<9}{'loss':>9}{'gradient':>10}{'parameters':>12}")
    for network, (loss, gradient, parameters) in found.items():
        print(f"{network:<9}{shown(loss):>9}{shown(gradient):>10}{shown(parameters):>12}")
    sys.exit(any(is_wrong(error) for row in found.values() for error in row))


if __name__ == "__main__":
    main()

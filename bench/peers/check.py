#!/usr/bin/env python3
"""Checks the gradient steps in PyTorch and JAX against the golden step files: losses, gradients,
moments and new parameters. Prints the share of the allowance (golden.py) that each one uses; exits
with 1 if one uses more than all of it."""

import argparse
import sys
from pathlib import Path

from golden import GoldenStep
from peers import PEERS, make_step, peers_on

FILES = sorted((Path(__file__).resolve().parents[2] / "tests" / "data" / "step").glob("*.safetensors"))


def worst_share(peer, golden, device):
    """The largest share of its allowance that a contender uses on one file, and for which tensor."""
    step = make_step(peer, golden.problem, golden.parameters, golden.rows, device)
    step.load_moments(golden.first_moments, golden.second_moments, golden.steps_before)
    shares = golden.shares(step.check_on(golden.rows, golden.noise))
    name = max(shares, key=shares.get)
    return shares[name], name


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peers", nargs="*", metavar="PEER", help=f"some of {', '.join(PEERS)} (default: all)")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="default: %(default)s")
    arguments = parser.parse_args()
    for peer in arguments.peers:
        if peer not in peers_on(arguments.device):
            parser.error(f"{peer}: on {arguments.device} there are {', '.join(peers_on(arguments.device))}")
    if not FILES:
        sys.exit("check: no step files in tests/data/step")

    wrong = False
    for peer in arguments.peers or peers_on(arguments.device):
        for golden in map(GoldenStep, FILES):
            share, name = worst_share(peer, golden, arguments.device)
            verdict = "right" if share <= 1 else "WRONG"
            wrong |= share > 1
            used = f"{100 * share:7.3g} % of the allowance, by {name}"
            print(f"{verdict}  {peer:<14} {golden.name:<26} uses {used}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

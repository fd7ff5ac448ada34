#!/usr/bin/env python3
"""A policy that sac_cuda has trained, in PyTorch.

In a program of yours, with this file's folder on the path:

    from pytorch_policy import load_policy
    policy = load_policy("runs/NAME")     # a torch.nn.Module, its parameters as they were trained
    action = policy(obs)                  # obs [N, O] -> action [N, A], both in the task's units

As a program it writes a .pt2 file, which torch.export.load reads wherever there is PyTorch:

    pytorch_policy.py runs/NAME policy.pt2

Needs torch 2.6 or later and safetensors, both from PyPI.
"""

import argparse
import io
import json
import os
import sys
from pathlib import Path

try:
    import torch
    from safetensors import SafetensorError, safe_open
    from torch import nn
except ImportError as error:
    print(f"pytorch_policy: {error}; pip install torch safetensors", file=sys.stderr)
    sys.exit(2)

PREFIX = "pi."  # of the policy's tensors in a checkpoint


class Policy(nn.Module):
    """The tanh-Gaussian policy. Its parameters have the names of the checkpoint, without "pi."."""

    def __init__(self, obs, act, hidden, max_action, log_std_range):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(obs, hidden), nn.Linear(hidden, hidden)])
        self.mean = nn.Linear(hidden, act)
        self.log_std = nn.Linear(hidden, act)
        self.max_action, self.log_std_range = max_action, log_std_range

    def forward(self, obs):
        """The deterministic action, max_action tanh(mean)."""
        return self.max_action * torch.tanh(self.mean(self._features(obs)))

    def distribution(self, obs):
        """Mean and log-std of the Gaussian whose samples u become actions max_action tanh(u)."""
        features = self._features(obs)
        return self.mean(features), self.log_std(features).clamp(*self.log_std_range)

    def _features(self, obs):
        for layer in self.layers:
            obs = torch.relu(layer(obs))
        return obs


def policy_file(run):
    """The policy that a path names: a file, or a run directory's best one, else its last."""
    run = Path(run)
    if not run.is_dir():
        return run
    for name in ("best.safetensors", "checkpoint.safetensors"):
        if (run / name).exists():
            return run / name
    raise FileNotFoundError(f"{run}: holds no policy: neither best.safetensors nor checkpoint.safetensors")


def read_checkpoint(run):
    """A checkpoint's metadata and the tensors of its policy, by their names without "pi."."""
    file = policy_file(run)
    try:
        with safe_open(file, "pt") as checkpoint:
            metadata = checkpoint.metadata() or {}
            names = [name for name in checkpoint.keys() if name.startswith(PREFIX)]
            tensors = {name.removeprefix(PREFIX): checkpoint.get_tensor(name).float() for name in names}
    except SafetensorError as error:
        raise ValueError(f"{file}: {error}") from error
    if int(metadata.get("format", 1)) > 1:
        raise ValueError(f"{file}: format {metadata['format']}, written by a newer sac_cuda")
    missing = {"layers.0.weight", "mean.weight"} - tensors.keys()
    if missing:
        raise ValueError(f"{file}: tensor '{PREFIX}{min(missing)}' is missing")
    if "max_action" not in metadata:
        raise ValueError(f"{file}: metadata max_action is missing")
    return metadata, tensors


def load_policy(run):
    """The policy of a run directory (its best one) or of a checkpoint's file, as a torch.nn.Module."""
    metadata, tensors = read_checkpoint(run)
    hidden, obs = tensors["layers.0.weight"].shape
    log_std_range = float(metadata.get("log_std_min", -20)), float(metadata.get("log_std_max", 2))
    policy = Policy(obs, len(tensors["mean.weight"]), hidden, float(metadata["max_action"]), log_std_range)
    try:
        policy.load_state_dict(tensors)
    except RuntimeError as error:
        raise ValueError(f"{policy_file(run)}: {' '.join(str(error).split())}") from error
    return policy.eval()


def write_pt2(run, target):
    """Writes the policy's deterministic action as an exported program, all of the file or none."""
    target = Path(target)
    if not target.parent.is_dir():
        raise NotADirectoryError(f"{target}: cannot be written: {target.parent} is not a directory")
    policy = load_policy(run)
    obs = torch.zeros(2, policy.layers[0].in_features)
    program = torch.export.export(policy, (obs,), dynamic_shapes={"obs": {0: torch.export.Dim("N", min=1)}})
    content = io.BytesIO()
    torch.export.save(program, content, extra_files={"metadata.json": json.dumps(read_checkpoint(run)[0])})
    temporary = target.with_name(target.name + ".tmp")
    try:
        temporary.write_bytes(content.getvalue())
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description="Writes a trained policy as a PyTorch exported program.")
    parser.add_argument("run", metavar="RUN", help="run directory, whose best policy is taken, or a checkpoint")
    parser.add_argument("file", metavar="FILE", help="file to write, policy.pt2")
    arguments = parser.parse_args()
    if not arguments.file.endswith(".pt2"):
        parser.error(f"{arguments.file}: expected a name that ends in .pt2")
    try:
        write_pt2(arguments.run, arguments.file)
    except (OSError, ValueError) as error:
        print(f"pytorch_policy: {error}", file=sys.stderr)
        sys.exit(2)
    print(arguments.file)


if __name__ == "__main__":
    main()

"""Soft Actor-Critic, trained on thousands of simulated pendulums at once.

    run = sac_cuda.train(env="Pendulum-v1", seed=0)
    action = run.policy(obs)                       # [N, O] -> [N, A]
    envs = gymnasium.make_vec("sac_cuda/Pendulum-v1", num_envs=4096)

Importing this package loads nothing else: NumPy, Gymnasium and the compiled module come with the first
name that needs them.
"""

from __future__ import annotations

from importlib import import_module

from ._registration import register_with_gymnasium

TYPE_CHECKING = False  # typing takes longer to import than the rest
if TYPE_CHECKING:
    from ._core import __version__
    from .environments import Env, VectorEnv
    from .gradients import Gradcheck, GradientCheck, gradcheck, gradient_step
    from .policy import Policy
    from .runs import Evaluation, Run, train
    from .sweeps import Sweep, Trial, sweep

_HOME = {
    "Env": ".environments",
    "Evaluation": ".runs",
    "Gradcheck": ".gradients",
    "GradientCheck": ".gradients",
    "Policy": ".policy",
    "Run": ".runs",
    "Sweep": ".sweeps",
    "Trial": ".sweeps",
    "VectorEnv": ".environments",
    "__version__": "._core",
    "gradcheck": ".gradients",
    "gradient_step": ".gradients",
    "sweep": ".sweeps",
    "train": ".runs",
}

__all__ = [
    "Env",
    "Evaluation",
    "Gradcheck",
    "GradientCheck",
    "Policy",
    "Run",
    "Sweep",
    "Trial",
    "VectorEnv",
    "__version__",
    "gradcheck",
    "gradient_step",
    "sweep",
    "train",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


register_with_gymnasium()

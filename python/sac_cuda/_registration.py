"""The tasks in Gymnasium's registry, whichever of the two packages is imported first."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


def register() -> None:
    """Registers "sac_cuda/<task>" for `gymnasium.make` and `gymnasium.make_vec`."""
    import gymnasium

    from . import _core

    for task in _core.tasks():
        gymnasium.register(
            f"sac_cuda/{task['id']}",
            entry_point="sac_cuda.environments:Env",
            vector_entry_point="sac_cuda.environments:VectorEnv",
            max_episode_steps=task["time_limit"],
            reward_threshold=task["solved_at"],
            kwargs={"task": task["id"]},
        )


def register_with_gymnasium() -> None:
    """At once if Gymnasium has been imported, else when it is: it takes longer than this package may."""
    if hasattr(sys.modules.get("gymnasium"), "register"):
        register()
    else:
        sys.meta_path.insert(0, _AfterGymnasium())


class _AfterGymnasium:
    """Finds Gymnasium as it would be found without this, once, and registers when it has been loaded."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != "gymnasium":
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def load_and_register(module: ModuleType) -> None:
            load(module)
            register()

        spec.loader.exec_module = load_and_register  # type: ignore[method-assign]
        return spec

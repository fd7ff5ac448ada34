"""The gradient steps of other libraries by name. Libraries are imported only where they are used."""

PEERS = ("torch-eager", "torch-compile", "torch-graph", "jax")
"""torch-graph, a CUDA graph, exists on a GPU only."""


def peers_on(device):
    """The names that make sense on "cpu" or "cuda"."""
    return [peer for peer in PEERS if peer != "torch-graph" or device == "cuda"]


def make_step(peer, problem, parameters, replay, device):
    """The contender `peer` for a problem, with groups of parameters and a replay [N, row]."""
    if peer == "jax":
        import jax

        from jax_step import JaxStep

        jax.config.update("jax_platforms", device)
        return JaxStep(problem, parameters, replay)
    from torch_step import TorchStep

    return TorchStep(problem, parameters, replay, peer.removeprefix("torch-"), device)

"""The gradient step in PyTorch, as a competent user would write it.

What was tried and kept, because nothing else was faster on a CPU: both Q networks as one batched product, one
packed replay and one gather, one backward pass for the sum of the losses, the fused Adam; and for
torch.compile the whole step in one graph, Adam included.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F

from problem import TRAINED, Problem, ungroup

FORMS = ("eager", "compile", "graph")
"""Plain PyTorch; torch.compile; a CUDA graph of the whole step (on a GPU only)."""


def mlp(parameters, x):
    """[..., B, in] to [..., B, out]; the parameters may carry a leading dimension of networks."""
    w1, b1, w2, b2, w3, b3 = parameters
    if w1.dim() == 2:
        return F.linear(F.relu(F.linear(F.relu(F.linear(x, w1, b1)), w2, b2)), w3, b3)
    x = F.relu(torch.baddbmm(b1[:, None], x.expand(len(w1), -1, -1), w1.mT))
    x = F.relu(torch.baddbmm(b2[:, None], x, w2.mT))
    return torch.baddbmm(b3[:, None], x, w3.mT)


def tanh_gaussian(mean, log_std, noise, max_action):
    """Actions [B, A] in environment units, and their log-probabilities [B]."""
    u = mean + log_std.exp() * noise
    log_slope = 2 * (math.log(2) - u - F.softplus(-2 * u)) + math.log(max_action)
    log_prob = -0.5 * noise.square() - log_std - 0.5 * math.log(2 * math.pi) - log_slope
    return max_action * torch.tanh(u), log_prob.sum(1)


class TorchStep:
    """Networks, optimiser and replay on one device; `run` is what is timed."""

    def __init__(self, problem: Problem, parameters, replay, form="eager", device="cpu"):
        """`parameters` are groups of arrays (problem.py), `replay` is [N, row]."""
        self.problem, self.form, self.device = problem, form, device
        self.replay = self._tensor(replay)
        self.networks = self._stacked(parameters)
        self.target = [self._tensor(array) for array in parameters["v_target"]]
        self.parameters = [tensor for tensors in self.networks.values() for tensor in tensors]
        for tensor in self.parameters:
            tensor.requires_grad_()
        self.rates = {"pi": problem.lr_policy, "q": problem.lr_q, "v": problem.lr_value}
        zeros = {network: [np.zeros_like(array) for array in parameters[network]] for network in TRAINED}
        self.load_moments(zeros, zeros, 0)
        self.update = self._fused_adam
        self.graph = None
        if form == "compile":
            torch._dynamo.config.trace_autograd_ops = True  # the backward pass too, in one graph
            self.update = self._written_out_adam
            self.step_on = torch.compile(self.step_on, fullgraph=True)

    def run(self, steps):
        """`steps` gradient steps, each on rows drawn from the replay; returns when all are done."""
        if self.form == "graph" and self.graph is None:
            self.graph = self._captured()
        step = self.graph.replay if self.graph is not None else self._sampled_step
        for _ in range(steps):
            step()
        if self.device == "cuda":
            torch.cuda.synchronize()

    def step_on(self, rows, noise):
        """One step on rows [B, row] with noise [2, B, A]: for eq. 5, for eq. 12. Returns the losses
        of v, pi, q1, q2 before it, and the gradients in the order of `parameters`."""
        losses = self._losses(rows, noise)
        gradients = torch.autograd.grad(sum(losses), self.parameters)
        with torch.no_grad():
            self.update(gradients)
            torch._foreach_lerp_(self.target, self.networks["v"], self.problem.tau)
        return [loss.detach() for loss in losses], gradients

    def load_moments(self, first, second, steps):
        """Adam's state after `steps` steps, as groups."""
        p, first, second = self.problem, self._stacked(first), self._stacked(second)
        self.first, self.second = ([t for ts in groups.values() for t in ts] for groups in (first, second))
        self.steps = torch.tensor(float(steps), device=self.device)
        self.adam = torch.optim.Adam(
            [{"params": tensors, "lr": self.rates[name]} for name, tensors in self.networks.items()],
            betas=(p.beta1, p.beta2),
            eps=p.adam_eps,
            fused=True,
            capturable=self.form == "graph",
        )
        for parameter, m, v in zip(self.parameters, self.first, self.second):
            self.adam.state[parameter] = {"step": self.steps.clone(), "exp_avg": m, "exp_avg_sq": v}

    def check_on(self, rows, noise):
        """`step_on` for arrays; everything that came of it, named as in a step file."""
        losses, gradients = self.step_on(self._tensor(rows), self._tensor(noise))
        result = {f"loss.{name}": loss.item() for name, loss in zip(("v", "pi", "q1", "q2"), losses)}
        result |= ungroup({"v_target": [tensor.cpu() for tensor in self.target]})
        for prefix, tensors in {
            "": self.parameters,
            "grad.": gradients,
            "adam.m.": self.first,
            "adam.v.": self.second,
        }.items():
            result |= {prefix + name: array for name, array in ungroup(self._unstacked(tensors)).items()}
        return result

    def _fused_adam(self, gradients):
        for parameter, gradient in zip(self.parameters, gradients):
            # The fused Adam reads a gradient as if it lay in memory like its parameter.
            parameter.grad = gradient.contiguous()
        self.adam.step()

    def _written_out_adam(self, gradients):
        """Adam in plain operations, which torch.compile fuses with their surroundings."""
        p = self.problem
        self.steps.add_(1)
        # 1 - beta^steps, without the cancellation that float32 would suffer in the first steps.
        correction1 = -torch.expm1(self.steps * math.log(p.beta1))
        correction2 = torch.sqrt(-torch.expm1(self.steps * math.log(p.beta2)))
        rates = [self.rates[name] for name, tensors in self.networks.items() for _ in tensors]
        for w, g, m, v, rate in zip(self.parameters, gradients, self.first, self.second, rates):
            m.lerp_(g, 1 - p.beta1)
            v.mul_(p.beta2).addcmul_(g, g, value=1 - p.beta2)
            w.sub_(rate / correction1 * m / (v.sqrt() / correction2 + p.adam_eps))

    def _losses(self, rows, noise):
        p, networks = self.problem, self.networks
        obs, obs_action, reward, terminated, next_obs = p.split(rows)
        mean, log_std = mlp(networks["pi"], obs).chunk(2, dim=1)
        log_std = log_std.clamp(p.log_std_min, p.log_std_max)
        with torch.no_grad():
            action, log_prob = tanh_gaussian(mean, log_std, noise[0], p.max_action)
            v_goal = mlp(networks["q"], torch.cat([obs, action], 1)).squeeze(2).amin(0) - log_prob
            next_value = mlp(self.target, next_obs).squeeze(1)
            q_goal = p.reward_scale * reward + p.gamma * (1 - terminated) * next_value
        action, log_prob = tanh_gaussian(mean, log_std, noise[1], p.max_action)
        frozen_q = [tensor.detach() for tensor in networks["q"]]
        q = mlp(frozen_q, torch.cat([obs, action], 1)).squeeze(2).amin(0)
        q_loss = 0.5 * (mlp(networks["q"], obs_action).squeeze(2) - q_goal).square().mean(1)
        v_loss = 0.5 * F.mse_loss(mlp(networks["v"], obs).squeeze(1), v_goal)
        return v_loss, (log_prob - q).mean(), q_loss[0], q_loss[1]

    def _sampled_step(self):
        p = self.problem
        index = torch.randint(len(self.replay), (p.batch,), device=self.device)
        noise = torch.randn(2, p.batch, p.act, device=self.device)
        self.step_on(self.replay[index], noise)

    def _captured(self):
        side = torch.cuda.Stream()
        with torch.cuda.stream(side):
            for _ in range(3):  # memory and cuBLAS handles must exist before the capture
                self._sampled_step()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._sampled_step()
        return graph

    def _tensor(self, array):
        return torch.tensor(array, dtype=torch.float32, device=self.device)

    def _stacked(self, groups):
        """Groups of arrays as tensors, q1 and q2 as one."""
        tensors = {name: [self._tensor(array) for array in groups[name]] for name in TRAINED}
        q = [torch.stack(pair) for pair in zip(tensors.pop("q1"), tensors.pop("q2"))]
        return {"pi": tensors["pi"], "q": q, "v": tensors["v"]}

    def _unstacked(self, tensors):
        """The inverse for tensors in the order of `parameters`."""
        arrays = iter([tensor.detach().cpu().numpy() for tensor in tensors])
        groups = {name: [next(arrays) for _ in own] for name, own in self.networks.items()}
        q = groups.pop("q")
        return groups | {f"q{i + 1}": [array[i] for array in q] for i in range(2)}

#!/usr/bin/env python3
"""One gradient step in PyTorch on the networks and batch of a step file, right or with a known fault.

    pytorch_step.py IN OUT                  the article's step with the exact log-probability
    pytorch_step.py IN OUT --as Article     the article's own
    pytorch_step.py IN OUT --as OneQ        another fault, by the name of its class below

OUT has what `sac_cuda step` writes, so compare_steps.py can hold the two against each other. All is float64:
there a right step agrees to 1e-12, and nobody has to guess what rounding may do. docs/checking-your-code.md
tells the story. Needs torch, safetensors.
"""

import argparse
import math

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from torch.distributions import Normal


class Network(nn.Module):
    """Two hidden layers and one output, or the policy's two; the parameters have a step file's names."""

    def __init__(self, name, tensors, heads=("out",)):
        super().__init__()
        hidden, inputs = tensors[f"{name}.layers.0.weight"].shape
        self.layers = nn.ModuleList([nn.Linear(inputs, hidden), nn.Linear(hidden, hidden)])
        for head in heads:
            self.add_module(head, nn.Linear(hidden, len(tensors[f"{name}.{head}.bias"])))
        self.heads = heads
        self.double()
        self.load_state_dict({own: tensors[f"{name}.{own}"] for own in self.state_dict()})

    def forward(self, *inputs):
        x = torch.cat(inputs, dim=1)
        for layer in self.layers:
            x = F.relu(layer(x))
        outputs = [getattr(self, head)(x) for head in self.heads]
        return outputs if len(outputs) > 1 else outputs[0].view(-1)


class Step:
    """The article's step, with its names for things; the noise comes from the file, not from a generator."""

    def __init__(self, tensors, metadata):
        self.number = {key: float(value) for key, value in metadata.items() if key not in ("env", "version")}
        self.tensors = {name: tensor.double() for name, tensor in tensors.items()}
        self.s, self.a, self.s_next = (self.tensors[f"batch.{n}"] for n in ("obs", "action", "next_obs"))
        self.r, self.terminated = self.tensors["batch.reward"], self.tensors["batch.terminated"].bool()
        self.pi = Network("pi", self.tensors, ("mean", "log_std"))
        self.q1, self.q2 = Network("q1", self.tensors), Network("q2", self.tensors)
        self.v, self.v_bar = Network("v", self.tensors), Network("v_target", self.tensors)
        self.trained = {"pi": self.pi, "q1": self.q1, "q2": self.q2, "v": self.v}
        self.adam = {name: self._adam(name, net) for name, net in self.trained.items()}
        self.gradients = {}

    def run(self):
        """The step. Returns the four losses from before it."""
        m, gamma = self.number["max_action"], self.number["gamma"]
        v_bar_next = self.future(self.v_bar(self.s_next))

        a, log_pi = self.sample_normal(self.s, self.tensors["noise.value"], m, reparameterize=False)
        target = self.smaller(self.q1(self.s, a), self.q2(self.s, a)) - log_pi
        j_v = self.loss(self.v(self.s), target)  # equation 5
        self.update(j_v, "v")

        a, log_pi = self.sample_normal(self.s, self.tensors["noise.policy"], m, reparameterize=True)
        j_pi = torch.mean(log_pi - self.smaller(self.q1(self.s, a), self.q2(self.s, a)))  # equation 12
        self.update(j_pi, "pi")

        q_hat = self.scaled(self.r) + gamma * v_bar_next  # equation 8
        j_q = [self.loss(q(self.s, self.a), q_hat) for q in (self.q1, self.q2)]  # equation 7
        self.update(sum(j_q), "q1", "q2")

        self.soft_update()
        return {"v": j_v, "pi": j_pi, "q1": j_q[0], "q2": j_q[1]}

    # What follows is what the faults below replace.

    def sample_normal(self, s, noise, m, reparameterize):
        mu, sigma, u = self.gaussian(s, noise, reparameterize)
        log_slope = 2 * (math.log(2) - u - F.softplus(-2 * u))
        return m * torch.tanh(u), (Normal(mu, sigma).log_prob(u) - math.log(m) - log_slope).sum(1)

    def gaussian(self, s, noise, reparameterize):
        mu, log_sigma = self.pi(s)
        sigma = log_sigma.clamp(self.number["log_std_min"], self.number["log_std_max"]).exp()
        u = mu + sigma * noise  # what rsample() does with noise of its own
        return mu, sigma, u if reparameterize else u.detach()

    def smaller(self, q1, q2):
        return torch.min(q1, q2)

    def loss(self, value, target):
        return 0.5 * F.mse_loss(value, target.detach())

    def scaled(self, r):
        return self.number["reward_scale"] * r

    def future(self, v_bar_next):
        return v_bar_next.masked_fill(self.terminated, 0)

    def zero_gradients(self, *names):
        for name in names:
            self.trained[name].zero_grad()

    def update(self, loss, *names):
        self.zero_gradients(*names)
        loss.backward(retain_graph=True)
        for name in names:
            self.gradients |= {f"grad.{name}.{own}": p.grad.clone() for own, p in self.trained[name].named_parameters()}
            self.adam[name].step()

    def soft_update(self):
        tau = self.number["tau"]
        with torch.no_grad():
            for target, source in zip(self.v_bar.parameters(), self.v.parameters()):
                target.copy_(tau * source + (1 - tau) * target)

    def _adam(self, name, network):
        number = self.number
        rate = number[{"pi": "lr_policy", "v": "lr_value"}.get(name, "lr_q")]
        adam = torch.optim.Adam(network.parameters(), rate, (number["beta1"], number["beta2"]), number["adam_eps"])
        for own, parameter in network.named_parameters():
            moments = {f"exp_avg{end}": self.tensors.get(f"adam.{moment}.{name}.{own}", torch.zeros_like(parameter))
                       for moment, end in (("m", ""), ("v", "_sq"))}  # fmt: skip
            adam.state[parameter] = {"step": torch.tensor(number["step"] - 1)} | moments
        return adam


class Article(Step):
    """log π as in the article: the action in its log is scaled already, and log m is missing."""

    def sample_normal(self, s, noise, m, reparameterize):
        mu, sigma, u = self.gaussian(s, noise, reparameterize)
        action = torch.tanh(u) * m
        log_probs = Normal(mu, sigma).log_prob(u)
        log_probs = log_probs - torch.log(1 - action.pow(2) + 1e-6)
        return action, log_probs.sum(1)


class NoLogM(Step):
    """1 - tanh² u is right, log m is missing."""

    def sample_normal(self, s, noise, m, reparameterize):
        action, log_pi = super().sample_normal(s, noise, m, reparameterize)
        return action, log_pi + math.log(m)


class NoCorrection(Step):
    """log N(u) taken for log π(a)."""

    def sample_normal(self, s, noise, m, reparameterize):
        mu, sigma, u = self.gaussian(s, noise, reparameterize)
        return m * torch.tanh(u), Normal(mu, sigma).log_prob(u).sum(1)


class ActionNotScaled(Step):
    """tanh u goes to the Qs, m tanh u to the environment."""

    def sample_normal(self, s, noise, m, reparameterize):
        return super().sample_normal(s, noise, 1, reparameterize)


class OneQ(Step):
    """Q1 instead of the smaller Q."""

    def smaller(self, q1, q2):
        return q1


class NotReparameterised(Step):
    """sample() where the policy needs rsample()."""

    def gaussian(self, s, noise, reparameterize):
        return super().gaussian(s, noise, reparameterize=False)


class OneSample(Step):
    """The sample of equation 5 used again for equation 12."""

    def __init__(self, tensors, metadata):
        super().__init__(tensors | {"noise.policy": tensors["noise.value"]}, metadata)


class OneZeroGrad(Step):
    """Gradients zeroed once per step, and nothing detached: losses leak into each other's networks."""

    def zero_gradients(self, *names):
        if not self.gradients:
            super().zero_gradients(*self.trained)


class NoTargetNetwork(Step):
    """V(s') where V̄(s') belongs."""

    def future(self, v_bar_next):
        return super().future(self.v(self.s_next)).detach()


class FutureAfterTheEnd(Step):
    """γ V̄(s') also where the episode has terminated."""

    def future(self, v_bar_next):
        return v_bar_next


class TimeLimitAsTheEnd(Step):
    """One row of the batch was cut by the time limit, and its `done` is taken for `terminated`."""

    def future(self, v_bar_next):
        v_bar_next = super().future(v_bar_next)
        row = int((~self.terminated).nonzero()[0])
        return v_bar_next.index_fill(0, torch.tensor([row]), 0)


class NoRewardScale(Step):
    """The reward as it comes."""

    def scaled(self, r):
        return r


class NoHalf(Step):
    """Mean squared errors without their ½."""

    def loss(self, value, target):
        return 2 * super().loss(value, target)


class SoftUpdateOfTheOldV(Step):
    """V̄ follows V before V's own step."""

    def update(self, loss, *names):
        if names == ("v",):
            super().soft_update()
        super().update(loss, *names)

    def soft_update(self):
        pass


FAULTS = {fault.__name__: fault for fault in Step.__subclasses__()}


def step_file(path, step_class=Step):
    """All that comes of the step that this file describes, by the names of `sac_cuda step`."""
    with safe_open(path, "pt") as file:
        step = step_class({name: file.get_tensor(name) for name in file.keys()}, file.metadata())
    losses = step.run()
    result = {f"loss.{name}": loss.detach().view(1) for name, loss in losses.items()} | step.gradients
    for name, network in (*step.trained.items(), ("v_target", step.v_bar)):
        result |= {f"{name}.{own}": parameter.detach() for own, parameter in network.named_parameters()}
    return result


def main():
    parser = argparse.ArgumentParser(description="One gradient step in PyTorch, from a step file to a step file.")
    parser.add_argument("input", metavar="IN")
    parser.add_argument("output", metavar="OUT")
    parser.add_argument("--as", dest="fault", choices=FAULTS, help="with this fault (default: none)")
    arguments = parser.parse_args()
    save_file(step_file(arguments.input, FAULTS.get(arguments.fault, Step)), arguments.output)



if __name__ == "__main__":
    main()

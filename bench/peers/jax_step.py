"""The gradient step in JAX, as a competent user would write it.

What was tried and kept, because nothing else was faster on a CPU: the whole step in one jit, many steps in one
call by a loop inside it, buffers donated, the two Q networks one after the other (not vmapped).
"""

import math

import jax
import jax.numpy as jnp
import numpy as np

from problem import TRAINED, Problem, ungroup


def mlp(parameters, x):
    """[B, in] to [B, out]. Weights are [in, out] here."""
    w1, b1, w2, b2, w3, b3 = parameters
    return jax.nn.relu(jax.nn.relu(x @ w1 + b1) @ w2 + b2) @ w3 + b3


def tanh_gaussian(mean, log_std, noise, max_action):
    """Actions [B, A] in environment units, and their log-probabilities [B]."""
    u = mean + jnp.exp(log_std) * noise
    log_slope = 2 * (math.log(2) - u - jax.nn.softplus(-2 * u)) + math.log(max_action)
    log_prob = -0.5 * jnp.square(noise) - log_std - 0.5 * math.log(2 * math.pi) - log_slope
    return max_action * jnp.tanh(u), log_prob.sum(1)


def total_loss(networks, target, rows, noise, p: Problem):
    """The sum of the losses, and those of v, pi, q1, q2; each reaches its own network alone."""
    frozen = jax.lax.stop_gradient
    obs, obs_action, reward, terminated, next_obs = p.split(rows)

    def both_q(networks, x):
        return jnp.stack([mlp(networks[name], x)[:, 0] for name in ("q1", "q2")])

    mean, log_std = jnp.split(mlp(networks["pi"], obs), 2, axis=1)
    log_std = jnp.clip(log_std, p.log_std_min, p.log_std_max)
    action, log_prob = tanh_gaussian(mean, log_std, noise[0], p.max_action)
    v_goal = frozen(both_q(networks, jnp.concatenate([obs, action], 1)).min(0) - log_prob)
    next_value = mlp(target, next_obs)[:, 0]
    q_goal = p.reward_scale * reward + p.gamma * (1 - terminated) * next_value

    action, log_prob = tanh_gaussian(mean, log_std, noise[1], p.max_action)
    q = both_q(frozen(networks), jnp.concatenate([obs, action], 1)).min(0)
    pi_loss = (log_prob - q).mean()
    v_loss = 0.5 * jnp.square(mlp(networks["v"], obs)[:, 0] - v_goal).mean()
    q_loss = 0.5 * jnp.square(both_q(networks, obs_action) - q_goal).mean(1)
    return v_loss + pi_loss + q_loss.sum(), (v_loss, pi_loss, q_loss[0], q_loss[1])


def step_on(state, rows, noise, p: Problem):
    """One step on rows [B, row] with noise [2, B, A]: for eq. 5, for eq. 12. Returns the new state,
    the gradients and the losses before it."""
    networks, target, first, second, steps = state
    gradients, losses = jax.grad(total_loss, has_aux=True)(networks, target, rows, noise, p)
    steps = steps + 1
    # 1 - beta^steps, without the cancellation that float32 would suffer in the first steps.
    correction1 = -jnp.expm1(steps * math.log(p.beta1))
    correction2 = jnp.sqrt(-jnp.expm1(steps * math.log(p.beta2)))
    first = jax.tree.map(lambda m, g: p.beta1 * m + (1 - p.beta1) * g, first, gradients)
    second = jax.tree.map(lambda v, g: p.beta2 * v + (1 - p.beta2) * g * g, second, gradients)
    rates = {"pi": p.lr_policy, "v": p.lr_value, "q1": p.lr_q, "q2": p.lr_q}
    networks = {
        name: jax.tree.map(
            lambda w, m, v: w - rates[name] / correction1 * m / (jnp.sqrt(v) / correction2 + p.adam_eps),
            networks[name],
            first[name],
            second[name],
        )
        for name in TRAINED
    }
    target = jax.tree.map(lambda slow, new: slow + p.tau * (new - slow), target, networks["v"])
    return (networks, target, first, second, steps), gradients, losses


class JaxStep:
    """Networks, optimiser and replay on JAX's default device; `run` is what is timed."""

    def __init__(self, problem: Problem, parameters, replay):
        """`parameters` are groups of arrays (problem.py), `replay` is [N, row]."""
        self.problem, self.replay = problem, jnp.asarray(replay)
        groups = transposed(parameters)
        target = groups.pop("v_target")
        zeros = [jax.tree.map(jnp.zeros_like, groups) for _ in range(2)]
        self.state = (groups, target, *zeros, jnp.float32(0))
        self.key = jax.random.key(0)
        self.steps = jax.jit(self._steps, donate_argnums=(0, 1))
        self.one_step = jax.jit(lambda state, rows, noise: step_on(state, rows, noise, problem))

    def run(self, steps):
        """`steps` gradient steps, each on rows drawn from the replay; returns when all are done."""
        self.state, self.key = self.steps(self.state, self.key, self.replay, steps)
        jax.block_until_ready(self.state)

    def load_moments(self, first, second, steps):
        """Adam's state after `steps` steps, as groups."""
        self.state = (*self.state[:2], transposed(first), transposed(second), jnp.float32(steps))

    def check_on(self, rows, noise):
        """One step for arrays; everything that came of it, named as in a step file."""
        self.state, gradients, losses = self.one_step(self.state, jnp.asarray(rows), jnp.asarray(noise))
        networks, target, first, second, _ = self.state
        result = {f"loss.{name}": float(loss) for name, loss in zip(("v", "pi", "q1", "q2"), losses)}
        result |= ungroup(transposed(networks | {"v_target": target}))
        for prefix, groups in (("grad.", gradients), ("adam.m.", first), ("adam.v.", second)):
            result |= {prefix + name: array for name, array in ungroup(transposed(groups)).items()}
        return result

    def _steps(self, state, key, replay, steps):
        p = self.problem

        def body(_, carry):
            state, key = carry
            key, index_key, noise_key = jax.random.split(key, 3)
            index = jax.random.randint(index_key, (p.batch,), 0, len(replay))
            noise = jax.random.normal(noise_key, (2, p.batch, p.act))
            state, _, _ = step_on(state, replay[index], noise, p)
            return state, key

        return jax.lax.fori_loop(0, steps, body, (state, key))


def transposed(groups):
    """Groups with every weight [out, in] as [in, out], or back, in buffers of their own."""
    return jax.tree.map(lambda array: jnp.array(np.asarray(array).T), groups)

"""The first minutes of a user of the wheel, in an empty folder: Pendulum-v1 solved, exported, reported, played.
The last line says what the code was compiled for."""

import gymnasium
import sac_cuda

run = sac_cuda.train(env="Pendulum-v1", hidden=64, seed=0, quiet=True, out="run")
assert run.solved
for page in (run.export("policy.onnx"), run.report("report.html")):
    assert page.stat().st_size > 1000
envs = gymnasium.make_vec("sac_cuda/Pendulum-v1", num_envs=8)
obs, _ = envs.reset(seed=0)
for _ in range(50):
    obs, *_ = envs.step(run.policy(obs))
assert abs(obs[:, 1]).max() < 0.5, "the pendulums do not stand"
print(run.config["provenance"]["compiled_for"])

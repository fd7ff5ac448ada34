#!/usr/bin/env python3
"""Records how the real engines treat a cart that runs into the ends of its slider.

Usage: record_engines.py DIRECTORY, with pybullet, gymnasium and mujoco installed. Writes
bullet_slider_ends.csv and mujoco_slider_ends.csv in the columns of `sac_cuda simulate`: one short
flight after another, each closed by a row without an action.
"""
import math
import os
import sys

import gymnasium
import numpy as np
import pybullet
import pybullet_data

STEPS = 5

# Start x, vx, theta, theta_dot and the action. Fast and slow into either end; deep, just below and
# just above 0.04 m, where Bullet begins to push back; leaning; near the surface. The poles stay within a right angle, where MuJoCo's model has stops.
FLIGHTS = [
    ((0.9, 3.0, 0.3, -1.0), 0.75),
    ((-0.85, -4.0, -0.4, 2.0), -1.5),
    ((0.99, 0.25, 0.0, 0.5), 0.25),
    ((-0.999, -0.125, 0.1, -0.25), -0.0625),
    ((1.06, 0.0, -0.2, 0.0), 0.5),
    ((1.0401, 0.0, 0.1, 0.0), 0.5),
    ((-1.0399, 0.0, 0.1, 0.0), -0.5),
    ((-1.03, 0.5, 0.5, -1.0), -1.0),
    ((1.0002, 0.0, 0.01, 0.0), 0.03125),
    ((-1.0008, -0.01, 0.0, 0.0), -0.125),
]


class Bullet:
    """The physics of PyBullet's inverted pendulum environments."""

    def __init__(self):
        pybullet.connect(pybullet.DIRECT)
        pybullet.setGravity(0, 0, -9.8)
        pybullet.setDefaultContactERP(0.9)
        pybullet.setPhysicsEngineParameter(
            fixedTimeStep=0.0165, numSolverIterations=5, numSubSteps=1
        )
        model = os.path.join(pybullet_data.getDataPath(), "mjcf", "inverted_pendulum.xml")
        joints = {}
        for body in pybullet.loadMJCF(model):
            for joint in range(pybullet.getNumJoints(body)):
                joints[pybullet.getJointInfo(body, joint)[1]] = (body, joint)
                pybullet.setJointMotorControl2(body, joint, pybullet.POSITION_CONTROL, force=0)
        self.slider, self.hinge = joints[b"slider"], joints[b"hinge"]

    def start(self, x, vx, theta, theta_dot):
        pybullet.resetJointState(*self.slider, x, vx)
        pybullet.resetJointState(*self.hinge, theta, theta_dot)

    def state(self):
        return [*pybullet.getJointState(*self.slider)[:2], *pybullet.getJointState(*self.hinge)[:2]]

    def step(self, action):
        force = 100 * min(max(action, -1), 1)
        pybullet.setJointMotorControl2(*self.slider, pybullet.TORQUE_CONTROL, force=force)
        pybullet.stepSimulation()
        return 1, abs(self.state()[2]) > 0.2


class Mujoco:
    """Gymnasium's InvertedPendulum-v5."""

    def __init__(self):
        self.env = gymnasium.make("InvertedPendulum-v5").unwrapped
        self.env.reset()

    def start(self, x, vx, theta, theta_dot):
        self.env.set_state(np.array([x, theta]), np.array([vx, theta_dot]))

    def state(self):
        (x, theta), (vx, theta_dot) = self.env.data.qpos, self.env.data.qvel
        return [x, vx, theta, theta_dot]

    def step(self, action):
        _, reward, terminated, _, _ = self.env.step(np.array([action]))
        return reward, terminated


def record(engine, path):
    with open(path, "w") as file:
        print("t,x,vx,theta,theta_dot,cos_theta,sin_theta,action,reward,terminated", file=file)
        for start, action in FLIGHTS:
            engine.start(*start)
            for t in range(STEPS + 1):
                state = engine.state()
                values = [*state, math.cos(state[2]), math.sin(state[2])]
                if t < STEPS:
                    values += [action, *engine.step(action)]
                cells = [f"{value:.17g}" for value in values] + ([] if t < STEPS else [""] * 3)
                print(t, *cells, sep=",", file=file)


if __name__ == "__main__":
    record(Bullet(), os.path.join(sys.argv[1], "bullet_slider_ends.csv"))
    record(Mujoco(), os.path.join(sys.argv[1], "mujoco_slider_ends.csv"))

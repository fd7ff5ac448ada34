#!/usr/bin/env python3
"""Records how the real engines treat a cart that runs into the ends of its slider, with one pole and with two.

Usage: record_engines.py DIRECTORY, with pybullet, gymnasium and mujoco installed. Writes
bullet_slider_ends.csv and mujoco_slider_ends.csv in the columns of `sac_cuda simulate`, and
bullet_double_flights.csv and mujoco_double_flights.csv, to whose state belongs what else is observed: one short
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

# Start x, theta1, theta2, vx, omega1, omega2 and the action: within the rail, upright and far from it; the ends as
# above, and the centimetre before them where MuJoCo already pushes; speeds beyond 10, where it observes no more.
DOUBLE_FLIGHTS = [
    ((0.0, 0.05, -0.03, 0.0, 0.0, 0.0), 0.25),
    ((0.3, -0.4, 0.9, -1.0, 2.0, -3.0), -1.5),
    ((-0.2, 0.2, 1.4, 0.5, 4.0, -9.0), 2.0),
    ((0.1, 2.0, -2.5, 0.25, -3.0, 12.0), 0.5),
    ((0.9, 0.3, 0.2, 3.0, -1.0, 0.5), 0.75),
    ((-0.85, -0.4, 0.1, -4.0, 2.0, -1.0), -1.5),
    ((0.985, 0.0, 0.1, 0.25, 0.5, -0.5), 0.25),
    ((-0.9925, 0.1, -0.2, -0.125, -0.25, 0.0), -0.0625),
    ((1.06, -0.2, 0.1, 0.0, 0.0, 0.0), 0.5),
    ((1.0401, 0.1, 0.3, 0.0, 0.0, 0.0), 0.5),
    ((-1.0399, 0.1, -0.1, 0.0, 0.0, 0.0), -0.5),
    ((-1.03, 0.5, 0.4, 0.5, -1.0, 2.0), -1.0),
    ((0.9902, 0.01, 0.0, 0.0, 0.0, 0.0), 0.015625),
]


class Bullet:
    """The physics of PyBullet's inverted pendulum environments."""

    def __init__(self, model="inverted_pendulum.xml", hinges=("hinge",), strength=100):
        pybullet.connect(pybullet.DIRECT)
        pybullet.resetSimulation()
        pybullet.setGravity(0, 0, -9.8)
        pybullet.setDefaultContactERP(0.9)
        pybullet.setPhysicsEngineParameter(
            fixedTimeStep=0.0165, numSolverIterations=5, numSubSteps=1
        )
        model = os.path.join(pybullet_data.getDataPath(), "mjcf", model)
        joints, self.parts = {}, {}
        for body in pybullet.loadMJCF(model):
            for joint in range(pybullet.getNumJoints(body)):
                info = pybullet.getJointInfo(body, joint)
                joints[info[1]] = (body, joint)
                self.parts[info[12]] = (body, joint)
                pybullet.setJointMotorControl2(body, joint, pybullet.POSITION_CONTROL, force=0)
        self.slider, *self.hinges = (joints[name.encode()] for name in ("slider", *hinges))
        self.strength = strength

    def start(self, x, vx, theta, theta_dot):
        pybullet.resetJointState(*self.slider, x, vx)
        pybullet.resetJointState(*self.hinges[0], theta, theta_dot)

    def state(self):
        return [*pybullet.getJointState(*self.slider)[:2], *pybullet.getJointState(*self.hinges[0])[:2]]

    def push(self, action):
        force = self.strength * min(max(action, -1), 1)
        pybullet.setJointMotorControl2(*self.slider, pybullet.TORQUE_CONTROL, force=force)
        pybullet.stepSimulation()

    def step(self, action):
        self.push(action)
        return 1, abs(self.state()[2]) > 0.2


class BulletDouble(Bullet):
    """Two poles, with reward and end as pybullet_envs' gym_pendulum_envs.py has them."""

    def __init__(self):
        super().__init__("inverted_double_pendulum.xml", ("hinge", "hinge2"), 200)

    def start(self, x, theta1, theta2, vx, omega1, omega2):
        joints = (self.slider, *self.hinges)
        for joint, place, speed in zip(joints, (x, theta1, theta2), (vx, omega1, omega2)):
            pybullet.resetJointState(*joint, place, speed)

    def state(self):
        joints = [pybullet.getJointState(*joint) for joint in (self.slider, *self.hinges)]
        return [joint[0] for joint in joints] + [joint[1] for joint in joints]

    def centre(self):
        """x and height of the second pole's centre, as PyBullet has them at hand."""
        x, _, height = pybullet.getLinkState(*self.parts[b"pole2"])[0]
        return x, height

    def observed_beside_state(self):
        return self.centre()[0]

    def step(self, action):
        self.push(action)
        x, height = self.centre()
        return 10 - 0.01 * x**2 - (height + 0.3 - 2) ** 2, height + 0.3 <= 1


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


class MujocoDouble(Mujoco):
    """Gymnasium's InvertedDoublePendulum-v5. It does not clip an action; MuJoCo does."""

    def __init__(self):
        self.env = gymnasium.make("InvertedDoublePendulum-v5").unwrapped
        self.env.reset()

    def start(self, x, theta1, theta2, vx, omega1, omega2):
        self.env.set_state(np.array([x, theta1, theta2]), np.array([vx, omega1, omega2]))

    def state(self):
        return [*self.env.data.qpos, *self.env.data.qvel]

    def observed_beside_state(self):
        return np.clip(self.env.data.qfrc_constraint[0], -10, 10)


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


def record_double(engine, beside, path):
    with open(path, "w") as file:
        print(f"t,x,theta1,theta2,vx,omega1,omega2,{beside},action,reward,terminated", file=file)
        for start, action in DOUBLE_FLIGHTS:
            engine.start(*start)
            for t in range(STEPS + 1):
                values = [*engine.state(), engine.observed_beside_state()]
                if t < STEPS:
                    values += [action, *engine.step(action)]
                cells = [f"{value:.17g}" for value in values] + ([] if t < STEPS else [""] * 3)
                print(t, *cells, sep=",", file=file)


if __name__ == "__main__":
    folder = sys.argv[1]
    record(Bullet(), os.path.join(folder, "bullet_slider_ends.csv"))
    record(Mujoco(), os.path.join(folder, "mujoco_slider_ends.csv"))
    record_double(BulletDouble(), "late_x2", os.path.join(folder, "bullet_double_flights.csv"))
    record_double(MujocoDouble(), "slider_force", os.path.join(folder, "mujoco_double_flights.csv"))

#!/usr/bin/env python3
"""Acts with an exported policy: onnx_policy.py policy.onnx X X X. Needs numpy, onnxruntime."""

import sys

import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
told = session.get_modelmeta().custom_metadata_map
obs = np.array([[float(x) for x in sys.argv[2:]]], np.float32)  # [N, O], in the order of obs_names
(action,) = session.run(None, {"obs": obs})  # [N, A], in the task's units
print(told["task"], told["obs_names"], "->", told["action_names"], action[0])

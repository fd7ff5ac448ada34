"""Runs an ONNX model on observations, float32 in a file, and writes its actions likewise. Prints what the
model says of itself as JSON. Usage: run_onnx.py MODEL OBS ACTIONS"""

import json
import sys

import numpy as np
import onnx
import onnxruntime

model_file, obs_file, action_file = sys.argv[1:]
model = onnx.load(model_file)
onnx.checker.check_model(model, full_check=True)
session = onnxruntime.InferenceSession(model_file, providers=["CPUExecutionProvider"])
(obs_port,), (action_port,) = session.get_inputs(), session.get_outputs()
obs = np.fromfile(obs_file, np.float32).reshape(-1, obs_port.shape[1])
(action,) = session.run(None, {obs_port.name: obs})
(first,) = session.run(None, {obs_port.name: obs[:1]})
assert action.dtype == np.float32 and first.shape == (1, action.shape[1])
action.tofile(action_file)
ports = [[port.name, port.shape] for port in (obs_port, action_port)]
opset = {entry.domain: entry.version for entry in model.opset_import}
json.dump({"ports": ports, "opset": opset, "metadata": session.get_modelmeta().custom_metadata_map}, sys.stdout)

"""Reads a directory's event files as TensorBoard does and prints what it finds as JSON: scalars by tag, each
a list of [step, value], and the HParams plugin's hyperparameters, metrics and status.
Usage: read_events.py DIRECTORY"""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata

accumulator = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
accumulator.Reload()
tags = accumulator.Tags()
found = {"scalars": {tag: [[e.step, e.value] for e in accumulator.Scalars(tag)] for tag in tags["scalars"]}}
content = accumulator.PluginTagToContent(metadata.PLUGIN_NAME)
experiment = metadata.parse_experiment_plugin_data(content[metadata.EXPERIMENT_TAG])
start = metadata.parse_session_start_info_plugin_data(content[metadata.SESSION_START_INFO_TAG])
found["hparams"] = {
    name: getattr(value, value.WhichOneof("kind")) for name, value in start.hparams.items()
}
found["hparam_infos"] = {info.name: info.type for info in experiment.hparam_infos}
found["metric_infos"] = [info.name.tag for info in experiment.metric_infos]
if metadata.SESSION_END_INFO_TAG in content:
    found["status"] = metadata.parse_session_end_info_plugin_data(content[metadata.SESSION_END_INFO_TAG]).status
json.dump(found, sys.stdout)

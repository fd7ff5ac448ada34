"""Interquartile means and their intervals as rliable gives them, for statistics_test.cpp.

pip install rliable==1.2.0 'pandas<3'; python rliable_values.py > rliable.json
"""
import json

import numpy as np
from rliable import library, metrics

random = np.random.RandomState(0)
samples = {
    "5 normal": random.normal(-150, 10, 5),
    "10 normal": random.normal(-150, 10, 10),
    "23 skewed": 1000 - random.exponential(40, 23),
    "100 of two kinds": np.concatenate([random.normal(980, 5, 90), random.normal(300, 50, 10)]),
}
result = {}
for name, values in samples.items():
    scores = {"x": np.asarray(values).reshape(-1, 1)}
    iqm = lambda runs: np.array([metrics.aggregate_iqm(runs)])
    point, interval = library.get_interval_estimates(scores, iqm, reps=50000, random_state=np.random.RandomState(1))
    result[name] = {
        "values": [float(v) for v in values],
        "iqm": float(point["x"][0]),
        "interval": [float(interval["x"][0][0]), float(interval["x"][1][0])],
    }
better, worse = samples["10 normal"], np.round(samples["5 normal"] + 3)
pair = {"x,y": (np.reshape(better, (-1, 1)), np.reshape(worse, (-1, 1)))}
improvement = lambda x, y: np.array([metrics.probability_of_improvement(x, y)])
point, interval = library.get_interval_estimates(pair, improvement, reps=2000, random_state=np.random.RandomState(1))
result["improvement"] = {
    "x": [float(v) for v in better],
    "y": [float(v) for v in worse],
    "probability": float(point["x,y"][0]),
    "interval": [float(interval["x,y"][0][0]), float(interval["x,y"][1][0])],
}
print(json.dumps(result, indent=1))

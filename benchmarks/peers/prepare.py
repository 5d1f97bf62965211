"""Run in a peer's own environment: fit the classifier that the peer will show, on our demo's clients.

``prepare.py MODEL_FOLDER ROWS PLACE`` reads the population that training left beside the model (its
inputs as numbers, then points and outcome, one row each). Fitting is not part of what is timed.
"""

import json
import sys
from pathlib import Path

import joblib
import lightgbm
import numpy as np
import pandas as pd


def main(model: Path, rows: int, place: Path) -> None:
    """Write the classifier, the clients and their outcome into ``place``."""
    columns = json.loads((model / "population.json").read_text(encoding="utf-8"))["columns"]
    card = json.loads((model / "artifact.json").read_text(encoding="utf-8"))
    whole = np.load(model / "population.npy").T
    # More rows than the demo has are the demo's again: time and memory do not care.
    whole = np.resize(whole, (rows, whole.shape[1]))
    frame = pd.DataFrame(whole, columns=columns).drop(columns="points").fillna(-999)
    outcome = frame.pop("outcome").astype(int)
    trees = sum(stage["trees"] for stage in card["stages"])
    fitted = lightgbm.LGBMClassifier(
        n_estimators=trees, num_leaves=15, learning_rate=0.05, n_jobs=2, verbose=-1
    )
    place.mkdir(parents=True, exist_ok=True)
    joblib.dump((fitted.fit(frame, outcome), frame, outcome), place / "fitted.joblib")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))

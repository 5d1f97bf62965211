"""Run in shapash's environment: ``serve_shapash.py PLACE PORT``. Everything as it comes."""

import sys
from pathlib import Path

import joblib
from shapash import SmartExplainer

fitted, frame, outcome = joblib.load(Path(sys.argv[1]) / "fitted.joblib")
explainer = SmartExplainer(model=fitted)
explainer.compile(x=frame, y_target=outcome)
explainer.run_app(port=int(sys.argv[2]), host="127.0.0.1").join()

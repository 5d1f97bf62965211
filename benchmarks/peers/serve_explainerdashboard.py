"""Run in explainerdashboard's environment: ``serve_explainerdashboard.py PLACE PORT``.

Everything as it comes, but for the interactions between features, which would add minutes. The
server is the one that its own documentation recommends.
"""

import sys
from pathlib import Path

import joblib
from explainerdashboard import ClassifierExplainer, ExplainerDashboard

fitted, frame, outcome = joblib.load(Path(sys.argv[1]) / "fitted.joblib")
frame.index = [f"c{number}" for number in range(len(frame))]
outcome.index = frame.index
explainer = ClassifierExplainer(fitted, frame, outcome, labels=["repays", "defaults"])
dashboard = ExplainerDashboard(explainer, shap_interaction=False)
dashboard.run(port=int(sys.argv[2]), host="127.0.0.1", use_waitress=True)

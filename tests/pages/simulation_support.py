"""The simulation as a browser holds it: fields that are filled in, sent, and answered."""

import json
import sys

from tests.seen import find, plain


def ident(part):
    found = getattr(part, "id", None)
    return found if isinstance(found, dict) else {}


NAMED = {
    "verdict": "children",
    "frequency": "children",
    "moved": "children",
    "marks": "data",
    "kept": "data",
}


class Screen:
    """What a browser does with the page: it holds the fields, and sends them."""

    def __init__(self, client, shown):
        self.client, self.props, self.store = client, {}, {}
        self.hold(shown)

    def hold(self, shown):
        for part in find(shown, lambda part: ident(part).get("part", "").startswith("simulation-")):
            self.props[json.dumps(part.id, sort_keys=True)] = part

    def show_all(self, lang="fr"):
        """Draw the rows of every theme, as the button does."""
        from pages import _trial

        (about,) = self.parts("about")
        sheet = _trial.on_screen(about.id, {"lang": lang})
        for rows in _trial.redrawn(sheet.form, {"part": "simulation-all"}, {}, None, None).values():
            self.hold(rows)

    def parts(self, name, **more):
        return [
            p
            for p in self.props.values()
            if more.items() <= p.id.items() and p.id["part"] == f"simulation-{name}"
        ]

    def set(self, feature, value, field="value"):
        (part,) = self.parts("try", feature=feature, field=field)
        part.value = value

    def value(self, feature, field="value"):
        (part,) = self.parts("try", feature=feature, field=field)
        return part.value

    def _values(self, name, prop="value"):
        return [{"id": p.id, "property": prop, "value": getattr(p, prop, None)} for p in self.parts(name)]

    def _data(self, name):
        (part,) = self.parts(name)
        return {"id": part.id, "property": "data", "value": self.store.get(name, getattr(part, "data", None))}

    def send(self, outputs, inputs, state, changed):
        """Post a callback; return the new properties by part, or None when nothing changes."""
        app = sys.modules["app"].app
        first = outputs[0][0] if isinstance(outputs[0], list) else outputs[0]
        key = next(
            k
            for k in app.callback_map
            if k.lstrip(".").startswith('{"client"') and f'"{first["id"]["part"]}"' in k.split("...")[0]
        )
        body = {
            "output": key,
            "outputs": outputs,
            "inputs": inputs,
            "state": state,
            "changedPropIds": [changed],
        }
        answer = self.client.post("/_dash-update-component", json=body)
        if answer.status_code == 204:
            return None
        assert answer.status_code == 200, answer.text
        return answer.json

    def attempt(self):
        """Send the fields; return what came back by part."""
        (about,) = self.parts("about")
        whose = {key: about.id[key] for key in ("portfolio", "client")}
        outputs = [
            {"id": {"part": f"simulation-{name}", **whose}, "property": prop} for name, prop in NAMED.items()
        ]
        inputs = [self._values("try"), self._values("missing"), self._data("composed")]
        state = [self._data("kept"), self._data("about"), self._data("proposals")]
        changed = json.dumps({**whose, "part": "simulation-composed"}, sort_keys=True, separators=(",", ":"))
        answer = self.send(outputs, inputs, state, changed + ".data")
        found = {json.loads(key)["part"]: props for key, props in answer["response"].items()}
        self.store["kept"] = found["simulation-kept"]["data"]
        return {name.removeprefix("simulation-"): next(iter(props.values())) for name, props in found.items()}


def spoken(children):
    """Return the text in the JSON of components."""
    if isinstance(children, list):
        return "".join(spoken(one) for one in children)
    if isinstance(children, dict):
        return spoken(children.get("props", {}).get("children"))
    return plain(children)

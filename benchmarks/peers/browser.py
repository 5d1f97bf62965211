"""What a browser does with a Dash application, without the browser: callbacks that call callbacks."""

import json
from collections.abc import Iterator

from benchmarks.callers import CALLBACK, Caller

Place = tuple[str, str]


class Browser:
    """Keeps the properties of every component, and runs the callbacks that a change sets off."""

    def __init__(self, caller: Caller):
        self._caller = caller
        self.values: dict[Place, object] = {}
        self._read(json.loads(caller.ask("GET", "/_dash-layout", compressed=False)))
        known = json.loads(caller.ask("GET", "/_dash-dependencies", compressed=False))
        self._callbacks = [one for one in known if not one.get("clientside_function")]

    def change(self, place: Place, value: object) -> int:
        """Set a property, run all that follows from it; return the bytes received."""
        self.values[place] = value
        waiting, received = self._set_off([place]), 0
        while waiting:
            callback = self._next(waiting)
            waiting.remove(callback)
            content = self._caller.ask("POST", CALLBACK, self._body(callback))
            received += len(content)
            changed = list(self._apply(content))
            waiting += [one for one in self._set_off(changed) if one not in waiting]
        return received

    def _set_off(self, changed: list[Place]) -> list[dict]:
        among = set(changed)
        return [one for one in self._callbacks if among & set(_places(one["inputs"]))]

    def _next(self, waiting: list[dict]) -> dict:
        """Return a callback that waits for none of the others, as Dash orders them."""
        for callback in waiting:
            inputs = set(_places(callback["inputs"]))
            if not any(inputs & set(_outputs(other)) for other in waiting if other is not callback):
                return callback
        return waiting[0]

    def _body(self, callback: dict) -> dict:
        outputs = [{"id": name, "property": of} for name, of in _outputs(callback)]
        inputs = _places(callback["inputs"])
        return {
            "output": callback["output"],
            "outputs": outputs if callback["output"].startswith("..") else outputs[0],
            "inputs": self._filled(inputs),
            "state": self._filled(_places(callback["state"])),
            "changedPropIds": [f"{name}.{of}" for name, of in inputs],
        }

    def _filled(self, places: list[Place]) -> list[dict]:
        return [{"id": name, "property": of, "value": self.values.get((name, of))} for name, of in places]

    def _apply(self, content: bytes) -> Iterator[Place]:
        if not content:
            return
        for name, properties in json.loads(content)["response"].items():
            for of, value in properties.items():
                self.values[name, of] = value
                yield name, of

    def _read(self, component: object) -> None:
        """Note the properties of a component and of those within it."""
        if isinstance(component, list):
            for one in component:
                self._read(one)
        elif isinstance(component, dict) and "props" in component:
            properties = component["props"]
            for of, value in properties.items():
                if isinstance(properties.get("id"), str):
                    self.values[properties["id"], of] = value
                self._read(value)


def _places(entries: list[dict]) -> list[Place]:
    return [(entry["id"], entry["property"]) for entry in entries]


def _outputs(callback: dict) -> list[Place]:
    names = callback["output"].strip(".").split("...")
    return [tuple(name.partition("@")[0].rsplit(".", 1)) for name in names]

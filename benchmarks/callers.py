"""What a browser and a program ask of a server, and how long the answers take."""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from benchmarks.processes import Server

TIMEOUT = 60
PORTFOLIO = "home_credit"
CALLBACK = "/_dash-update-component"
Asked = tuple[str, str, object]


class Refused(RuntimeError):
    """The server answered something else than 200 or 204."""


class Caller:
    """One connection, kept open as browsers do, which takes compressed answers."""

    def __init__(self, port: int):
        self._port = port
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, address: str, body: object = None, *, compressed: bool = True) -> bytes:
        """Return the body of the answer as it came over the wire."""
        text = None if body is None else json.dumps(body)
        headers = {"Accept-Encoding": "gzip, deflate, br"} if compressed else {}
        if text is not None:
            headers["Content-Type"] = "application/json"
        kept = self._connection is not None
        try:
            answer, content = self._exchange(method, address, text, headers)
        except (OSError, http.client.HTTPException):
            self.close()
            if not kept:
                raise
            # The server closes connections that stay idle; a browser then opens another.
            answer, content = self._exchange(method, address, text, headers)
        if answer.status not in (200, 204):
            raise Refused(f"{method} {address.partition('?')[0]}: {answer.status} {content[:200]!r}")
        return content

    def _exchange(self, method: str, address: str, text: str | None, headers: dict):
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        self._connection.request(method, address, text, headers)
        answer = self._connection.getresponse()
        return answer, answer.read()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def page(pathname: str, **query: str) -> Asked:
    """Return the request by which Dash renders the content of a page."""
    content, store = (
        {"id": "_pages_content", "property": "children"},
        {"id": "_pages_store", "property": "data"},
    )
    search = f"?{urlencode(query)}" if query else ""
    values = {"pathname": pathname, "search": search}
    return (
        "POST",
        CALLBACK,
        {
            "output": "..{id}.{property}...".format(**content) + "{id}.{property}..".format(**store),
            "outputs": [content, store],
            "inputs": [{"id": "_pages_location", "property": name, "value": v} for name, v in values.items()],
            "changedPropIds": [f"_pages_location.{name}" for name in values],
        },
    )


def eligibility(client_id: str, lang: str = "fr") -> Asked:
    """Return the request by which Dash renders a client's Eligibility page."""
    return page(f"/{PORTFOLIO}/eligibility", client=client_id, lang=lang)


def opened(toggle: dict[str, str]) -> Asked:
    """Return the request sent when the table of a client's history under ``toggle`` is opened."""
    rows = toggle | {"part": "history-rows"}
    any_of = {key: value if key == "part" else ["MATCH"] for key, value in rows.items()}
    return (
        "POST",
        CALLBACK,
        {
            "output": f"{_written(any_of)}.children",
            "outputs": {"id": rows, "property": "children"},
            "inputs": [{"id": toggle, "property": "n_clicks", "value": 1}],
            "changedPropIds": [f"{_written(toggle)}.n_clicks"],
        },
    )


def identities(content: object) -> Iterator[dict[str, str]]:
    """Yield the ids made of several parts, of all components within ``content``."""
    if isinstance(content, dict):
        if isinstance(content.get("id"), dict):
            yield content["id"]
        content = list(content.values())
    if isinstance(content, list):
        for part in content:
            yield from identities(part)


def _written(identity: dict) -> str:
    """Write an id as Dash does."""
    return json.dumps(identity, sort_keys=True, separators=(",", ":"))


def assessment(client_id: str) -> Asked:
    """Return the request for a client's assessment by the API."""
    return ("GET", f"/api/v1/{PORTFOLIO}/clients/{client_id}/assessment", None)


def some_clients(port: int, wanted: int) -> list[str]:
    """Return ids of clients spread over the whole bank."""
    caller, ids = Caller(port), []
    address = f"/api/v1/{PORTFOLIO}/clients?"
    total = json.loads(caller.ask("GET", f"{address}limit=1", compressed=False))["total"]
    for part in range(10):
        asked = urlencode({"limit": max(wanted // 10, 1), "offset": part * total // 10})
        found = json.loads(caller.ask("GET", address + asked, compressed=False))["clients"]
        ids += [client["client_id"] for client in found]
    caller.close()
    return ids


def until_answers(server: Server, asks: Sequence[Asked], seconds: float) -> float:
    """Ask again and again until the first is answered, then the others; return seconds since the start."""
    caller, end = Caller(server.port), server.started + seconds
    for ask in asks:
        while True:
            try:
                caller.ask(*ask)
                break
            except (OSError, http.client.HTTPException, Refused):
                server.check()
                if time.perf_counter() > end:
                    raise
                time.sleep(0.02)
    caller.close()
    return time.perf_counter() - server.started


def load(port: int, asks: Sequence[Asked], callers: int) -> list[float]:
    """Let so many callers make these requests between them; return milliseconds, one a request."""

    def share(number: int) -> list[float]:
        caller, taken = Caller(port), []
        for ask in asks[number::callers]:
            began = time.perf_counter()
            caller.ask(*ask)
            taken.append(1000 * (time.perf_counter() - began))
        caller.close()
        return taken

    with ThreadPoolExecutor(callers) as pool:
        return [ms for taken in pool.map(share, range(callers)) for ms in taken]


def each_of(make: Callable[[str], Asked], client_ids: Sequence[str], count: int) -> list[Asked]:
    """Return ``count`` requests, over the clients in turn."""
    return [make(client_ids[number % len(client_ids)]) for number in range(count)]

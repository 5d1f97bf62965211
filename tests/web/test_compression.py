import gzip

import brotli
import dash
import pytest
from dash import dcc, html
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from web.compression import SuiteCache, script_key


@pytest.fixture
def app(bare):
    app = dash.Dash("limpide", server=bare, assets_folder="assets")
    app.layout = html.Div(dcc.Markdown("text"))
    bare.test_client().get("/")
    return app


def key(path: str) -> str:
    return script_key(Request(EnvironBuilder(path).get_environ()))


@pytest.mark.parametrize(
    ("accepted", "encoding", "opened"),
    [("br, gzip", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress)],
)
def test_answers_are_compressed_as_the_browser_accepts(visitor, accepted, encoding, opened):
    answer = visitor.get("/text", headers={"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert len(answer.data) < 500
    assert opened(answer.data).startswith(b"much text")


def test_nothing_is_compressed_for_who_cannot_read_it(visitor):
    assert "Content-Encoding" not in visitor.get("/text").headers


class TestDashScripts:
    def address(self, visitor, name: str) -> str:
        page = visitor.get("/").text
        return next(part.split('"')[0] for part in page.split('src="') if name in part.split('"')[0])

    def test_are_compressed_and_kept_for_a_year(self, app, visitor):
        answer = visitor.get(self.address(visitor, "dash_renderer"), headers={"Accept-Encoding": "br"})
        assert answer.headers["Content-Encoding"] == "br"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"

    def test_are_the_same_the_second_time_and_in_each_encoding(self, app, visitor):
        address = self.address(visitor, "dash_renderer")
        plain = visitor.get(address).data
        for _ in range(2):
            packed = visitor.get(address, headers={"Accept-Encoding": "br"})
            assert brotli.decompress(packed.data) == plain
            packed = visitor.get(address, headers={"Accept-Encoding": "gzip"})
            assert gzip.decompress(packed.data) == plain

    def test_plotly_travels_in_less_than_1_3_mb(self, app, visitor):
        address = "/_dash-component-suites/plotly/package_data/plotly.min.js"
        assert len(visitor.get(address, headers={"Accept-Encoding": "br"}).data) < 1_300_000


class TestWhatIsKeptCompressed:
    def test_one_script_whatever_its_fingerprint(self):
        names = ("dash_renderer.v4m12.min.js", "dash_renderer.v9m99.min.js", "dash_renderer.min.js")
        assert len({key(f"/_dash-component-suites/dash/build/{name}") for name in names}) == 1

    def test_two_scripts_apart(self):
        paths = ("dash/a.min.js", "dash/a.dev.js", "dash/a.js", "dcc/a.js", "dash/a.js.map")
        assert len({key(f"/_dash-component-suites/{path}") for path in paths}) == len(paths)

    @pytest.mark.parametrize("path", ["/", "/api/v1/home_credit/clients/1", "/_dash-update-component"])
    def test_nothing_else(self, path):
        cache = SuiteCache()
        cache.set(f"br;{key(path)}", b"about a client")
        assert cache.get(f"br;{key(path)}") is None


class TestHowLongABrowserKeeps:
    def test_an_asset_named_with_its_date_for_a_year(self, app, visitor):
        answer = visitor.get("/assets/limpide.css?m=1")
        assert "immutable" in answer.headers["Cache-Control"]
        answer.close()

    def test_a_font_for_a_day(self, app, visitor):
        answer = visitor.get("/assets/fonts/limpide-espace.woff2")
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
        answer.close()

    @pytest.mark.parametrize("path", ["/text", "/health", "/api/v1/nothing/clients/1", "/assets/nothing.css"])
    def test_nothing_about_a_client_and_no_error(self, app, visitor, path):
        assert visitor.get(path).headers["Cache-Control"] == "no-store"

"""How our modules become one script: joined in order, small, and refused where they do not fit together."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from geomap import npm
from geomap.errors import GeomapError
from geomap.webmap import bundle

WEBMAP = Path(bundle.__file__).parent
DATA = WEBMAP.parent / "data"


@pytest.fixture(scope="module")
def modules() -> Iterator[Path]:
    """The packages of the page's lock file; npm takes them from its cache or the network."""
    try:
        with npm.installed(WEBMAP / "npm") as found:
            yield found
    except GeomapError as error:
        pytest.skip(f"the page's npm packages cannot be had here: {error}")


def module(folder: Path, **sources: str) -> Path:
    """Writes modules; gives the entry, ``main``."""
    for name, source in sources.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")
    return folder / "main.js"


def test_the_bundles_in_use_are_made_of_the_present_sources() -> None:
    stamp = (DATA / "page-sources.txt").read_text(encoding="utf-8")
    assert stamp == bundle.digest(WEBMAP), "run python -m geomap.webmap.bundle"


def test_bundles_that_are_up_to_date_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npm, "installed", lambda manifest: pytest.fail("npm was asked"))
    assert bundle.make_bundles(WEBMAP, DATA) is False


def test_a_changed_module_makes_the_bundles_anew_and_the_same_sources_the_same_bytes(
    modules: Path, tmp_path: Path
) -> None:
    webmap, data = tmp_path / "webmap", tmp_path / "data"
    data.mkdir()
    shutil.copytree(WEBMAP / "assets", webmap / "assets")
    shutil.copytree(WEBMAP / "npm", webmap / "npm")
    assert bundle.make_bundles(webmap, data) is True
    assert {name: (data / name).read_bytes() for name in bundle.BUNDLES} == {
        name: (DATA / name).read_bytes() for name in bundle.BUNDLES
    }
    assert bundle.make_bundles(webmap, data) is False
    with (webmap / "assets" / "main.js").open("a", encoding="utf-8") as main:
        main.write('\nexport const marker = "a new line";\n')
    assert bundle.make_bundles(webmap, data) is True
    assert '"a new line"' in (data / "page.js").read_text(encoding="utf-8")


def test_leaflet_keeps_its_copyright_and_asks_for_no_picture_and_no_source_map() -> None:
    script, style = ((DATA / name).read_text(encoding="utf-8") for name in ("leaflet.js", "leaflet.css"))
    assert "Vladimir Agafonkin" in script[:400]
    assert "sourceMappingURL" not in script
    assert ".png" not in style


def test_modules_are_joined_whatever_the_order_and_names_do_not_clash(modules: Path, tmp_path: Path) -> None:
    entry = module(
        tmp_path,
        main='import { one } from "./one.js";\nimport { two } from "./two.js";\nconst same = 3;\n'
        "export const sum = () => one() + two() + same;",
        one="const same = 1;\nexport const one = () => same;",
        two='import { one } from "./one.js";\nconst same = 2;\nexport const two = () => same + one();',
    )
    script = tmp_path / "joined.js"
    script.write_text(bundle.bundle(modules, entry) + "\nconsole.log(geomap.sum());", encoding="utf-8")
    assert npm.node(script) == "7\n"


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"main": 'import { a } from "./nowhere.js"; a();'}, r'Could not resolve "\./nowhere\.js".*main\.js:1'),
        ({"main": 'import { b } from "./one.js"; b();', "one": "export const a = 1;"}, r'No matching export.*"b"'),
        ({"main": "export const = 1;"}, r"main\.js:1:13"),
        ({"main": 'import "leaflet-not-installed";'}, "Could not resolve"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_name(
    modules: Path, tmp_path: Path, sources: dict[str, str], said: str
) -> None:
    with pytest.raises(GeomapError, match=said):
        bundle.bundle(modules, module(tmp_path, **sources))


def test_a_text_that_would_end_the_script_block_is_escaped(modules: Path, tmp_path: Path) -> None:
    joined = bundle.bundle(modules, module(tmp_path, main='export const end = "</script>";'))
    assert "</script" not in joined


def test_packages_that_are_not_in_the_lock_are_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {"leaflet": "1.9.4"}}', encoding="utf-8")
    (tmp_path / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": {}}', encoding="utf-8")
    (tmp_path / ".npmrc").write_text("offline=true\n", encoding="utf-8")
    with pytest.raises(GeomapError, match="npm ci failed"), npm.installed(tmp_path):
        pass

"""``geomap.render``: the Python door, and what a user of Folium may add to the page behind it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import folium
import pytest
from branca.element import Element
from folium.plugins import MarkerCluster
from playwright.sync_api import Browser

import geomap
from geomap.errors import ArticleError, GazetteerNotFoundError
from geomap.gazetteer.store import Gazetteer
from geomap.model import Atlas
from geomap.pipeline import parse_all
from geomap.webmap import page_html, render
from tests.webmap.conftest import Visit


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with one article."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("Fighters swept into Kabul and Kunduz on Sunday.", encoding="utf-8")
    return folder


def policy_of(html: str) -> dict[str, list[str]]:
    """The page's content security policy, rule by rule."""
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert found
    return {name: sources.split() for name, _, sources in (rule.partition(" ") for rule in found[1].split("; "))}


# The door


def test_importing_geomap_loads_nothing_and_its_door_is_found_by_name() -> None:
    script = (
        "import sys, geomap; print(sorted({'folium', 'spacy', 'geomap.pipeline'} & set(sys.modules))); geomap.render"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="no attribute 'rendr'"):
        _ = geomap.rendr


def test_a_folder_becomes_a_folium_map(visit: Visit, news: Path, small_gazetteer: Path) -> None:
    page = geomap.render(news, gazetteer=small_gazetteer, title="Two towns")
    assert isinstance(page, folium.Map)
    seen = visit(page_html(page))
    assert seen.inner_text("h1") == "Two towns"
    assert seen.get_by_text("Kunduz", exact=True).count() >= 1


def test_strings_paths_and_several_of_them_are_the_same_door(news: Path, small_gazetteer: Path) -> None:
    pages = [
        page_html(geomap.render(what, gazetteer=small_gazetteer))
        for what in (news, str(news), [news], (str(news / "a.txt"),))
    ]
    assert len(set(pages)) == 1


def test_an_atlas_gives_the_page_of_its_articles(news: Path, small_gazetteer: Path) -> None:
    with Gazetteer(small_gazetteer) as opened:
        atlas, _ = parse_all([news], opened)
    by_atlas, by_path = (geomap.render(what, gazetteer=small_gazetteer) for what in (atlas, news))
    assert page_html(by_atlas) == page_html(by_path)


def test_the_map_saves_itself_as_folium_maps_do(news: Path, small_gazetteer: Path, tmp_path: Path) -> None:
    page = geomap.render(news, gazetteer=small_gazetteer)
    page.save(str(tmp_path / "map.html"))
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == page_html(page)


def test_an_article_that_cannot_be_read_is_warned_of_and_the_rest_drawn(news: Path, small_gazetteer: Path) -> None:
    (news / "b.txt").write_bytes(b"\x89PNG\x00")
    with pytest.warns(UserWarning, match=r"b\.txt: binary, not text"):
        page = geomap.render(news, gazetteer=small_gazetteer)
    assert "swept into Kabul" in page_html(page)


def test_what_is_not_there_is_a_named_error(tmp_path: Path, news: Path) -> None:
    with pytest.raises(ArticleError, match="nowhere: no such file or folder"):
        geomap.render(tmp_path / "nowhere")
    with pytest.raises(GazetteerNotFoundError):
        geomap.render(news, gazetteer=tmp_path / "nowhere.sqlite")


# A notebook


def test_it_shows_in_a_notebook_with_the_layers_that_were_added(browser: Browser, atlas: Atlas) -> None:
    page = render(atlas, shape=lambda place: None)
    folium.CircleMarker([34.0, 62.0], radius=20, color="#00aa00").add_to(page)
    cell = browser.new_page()
    complaints: list[str] = []
    cell.on("console", lambda message: complaints.append(message.text))
    cell.on("pageerror", lambda error: complaints.append(str(error)))
    cell.set_content(page._repr_html_())
    frame = cell.frame_locator("iframe")
    frame.locator("html[data-ready=true]").wait_for(state="attached")
    frame.locator("path[stroke='#00aa00']").wait_for(state="attached")
    assert complaints == []
    cell.close()


# Folium's own layers


def test_markers_popups_and_a_layer_control_work_offline_within_the_strict_policy(visit: Visit, atlas: Atlas) -> None:
    page = render(atlas, shape=lambda place: None)
    group = folium.FeatureGroup(name="Bureaus").add_to(page)
    folium.Marker([34.5, 62.2], popup=folium.Popup("<b>Herat</b> bureau", max_width=200)).add_to(group)
    folium.Marker([31.6, 65.7], icon=folium.Icon(color="green"), tooltip="Kandahar bureau").add_to(group)
    folium.LayerControl().add_to(page)
    html = page_html(page)
    rules = policy_of(html)
    assert set(rules) == {"default-src", "script-src", "style-src", "base-uri", "form-action"}
    assert all(source.startswith("'sha256-") for name in ("script-src", "style-src") for source in rules[name])
    seen = visit(html)
    assert seen.locator(".pin").count() == 2
    assert seen.locator(".pin path[fill='green']").count() == 1
    assert seen.locator("img").count() == 0
    seen.locator(".pin").first.dispatch_event("click")
    seen.wait_for_selector(".leaflet-popup-content b")
    assert seen.inner_text(".leaflet-popup-content").strip() == "Herat bureau"
    seen.hover(".leaflet-control-layers")
    seen.click("label:has-text('Bureaus')")
    assert seen.locator(".pin").count() == 0


def test_geojson_a_line_and_a_choropleth_are_drawn(visit: Visit, atlas: Atlas) -> None:
    square = {"type": "Polygon", "coordinates": [[[62, 33], [64, 33], [64, 35], [62, 35], [62, 33]]]}
    data = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "id": "a", "properties": {"name": "A"}, "geometry": square}],
    }
    page = render(atlas, shape=lambda place: None)
    folium.GeoJson(
        json.dumps(data), style_function=lambda _: {"color": "#123456"}, tooltip=folium.GeoJsonTooltip(["name"])
    ).add_to(page)
    folium.PolyLine([[34, 62], [35, 66]], color="#654321").add_to(page)  # type: ignore[no-untyped-call]
    shades = folium.Choropleth(data, data={"a": 3}, key_on="feature.id", bins=[0, 1, 2, 4], line_color="#abcdef")
    for name in [name for name in shades._children if name.startswith("color_map")]:
        del shades._children[name]  # the legend wants d3 from the network
    shades.add_to(page)
    seen = visit(page_html(page))
    for colour in ("#123456", "#654321", "#abcdef"):
        assert seen.locator(f"path[stroke='{colour}']").count() == 1, colour


def test_a_script_and_a_style_of_the_user_run_by_their_own_hash(visit: Visit, atlas: Atlas) -> None:
    page = render(atlas, shape=lambda place: None)
    root: Any = page.get_root()
    root.header.add_child(Element("<style type='text/css'>h1 { letter-spacing: 7px; }</style>"))
    root.html.add_child(Element("<script type='text/javascript'>window.before = 1;</script>"))
    root.script.add_child(Element("window.after = 2;"))
    seen = visit(page_html(page))
    assert seen.evaluate("[window.before, window.after]") == [1, 2]
    assert seen.eval_on_selector("h1", "h1 => getComputedStyle(h1).letterSpacing") == "7px"


def test_a_plugin_from_the_network_is_allowed_by_its_exact_address_only_and_the_page_lives_without_it(
    browser: Browser, atlas: Atlas, tmp_path: Path
) -> None:
    page = render(atlas, shape=lambda place: None)
    MarkerCluster([[34, 62]]).add_to(page)  # type: ignore[no-untyped-call]
    html = page_html(page)
    rules = policy_of(html)
    addresses = [source for name in ("script-src", "style-src") for source in rules[name] if "sha256" not in source]
    assert addresses and all(re.fullmatch(r"https://\S+markercluster\S+\.(js|css)", each) for each in addresses)
    file = tmp_path / "index.html"
    file.write_text(html, encoding="utf-8", newline="\n")
    context = browser.new_context(offline=True)
    seen = context.new_page()
    seen.goto(file.as_uri())
    seen.wait_for_selector("html[data-ready=true]", state="attached")
    assert seen.get_by_text("Dushanbe", exact=True).count() >= 1
    context.close()

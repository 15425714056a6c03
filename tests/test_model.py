from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import subprocess
import sys
from typing import Any, get_args

import pytest

from geomap import model
from geomap.model import (
    KINDS,
    PINLESS,
    Article,
    Atlas,
    AtlasMention,
    AtlasPlace,
    Candidate,
    Home,
    Kind,
    Mention,
    ParsedArticle,
    Place,
    Resolution,
)

ARTICLE = Article(id="a.txt", text="Kabul fell.")
MENTION = Mention(start=0, end=5, phrase="Kabul", kind="place", name="Kabul", sentence=(0, 11))
PLACE = Place(
    id="gn:1138958", name="Kabul", country="AF", admin1="13", lon=69.17, lat=34.53, feature_code="PPLC", geonameid=1138958
)  # fmt: skip
RESOLUTION = Resolution(mention=MENTION, place=PLACE, precision="town", score=0.9)
ATLAS_MENTION = AtlasMention(article_id="a.txt", resolution=RESOLUTION)
ATLAS_PLACE = AtlasPlace(place=PLACE, precision="town", mentions=(ATLAS_MENTION,))
ONE_OF_EACH = [
    ARTICLE,
    MENTION,
    PLACE,
    Candidate(place=PLACE, match="exact", score=1.0),
    RESOLUTION,
    Home(lon=69.17, lat=34.53, country="AF", admin1="13"),
    ParsedArticle(article=ARTICLE, resolutions=(RESOLUTION,)),
    ATLAS_MENTION,
    ATLAS_PLACE,
    Atlas(articles=(ARTICLE,), places=(ATLAS_PLACE,)),
]


def test_one_of_each_is_all_that_the_room_holds() -> None:
    classes = {value for value in vars(model).values() if dataclasses.is_dataclass(value)}
    assert classes == {type(value) for value in ONE_OF_EACH}


@pytest.mark.parametrize("value", ONE_OF_EACH, ids=lambda value: type(value).__name__)
def test_what_travels_is_frozen_slotted_hashable_and_made_by_keyword(value: Any) -> None:
    for field in dataclasses.fields(value):
        assert field.kw_only
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, field.name, None)
    assert not hasattr(value, "__dict__")
    assert hash(value) == hash(dataclasses.replace(value))


@pytest.mark.parametrize("value", ONE_OF_EACH, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
def test_what_travels_to_another_process_arrives_as_it_was(value: Any, protocol: int) -> None:
    arrived = pickle.loads(pickle.dumps(value, protocol))
    assert (type(arrived), arrived) == (type(value), value)
    assert copy.deepcopy(value) == value


def test_the_kinds_are_listed_once_each_and_pinless_ones_are_among_them() -> None:
    assert get_args(Kind) == KINDS
    assert {"demonym", "organisation-embedded"} == PINLESS < set(KINDS)


def test_an_article_counts_once_for_a_place_however_often_it_names_it() -> None:
    mentions = tuple(AtlasMention(article_id=name, resolution=RESOLUTION) for name in ("b", "a", "b", "a", "c"))
    assert dataclasses.replace(ATLAS_PLACE, mentions=mentions).article_ids == ("b", "a", "c")


def test_the_model_brings_in_nothing_but_itself_and_the_standard_library() -> None:
    code = "import json, sys; import geomap.model; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True)
    loaded = set(json.loads(run.stdout))
    assert {name for name in loaded if name.split(".")[0] == "geomap"} == {"geomap", "geomap.model"}
    assert not loaded & {"spacy", "pandas", "numpy", "shapely", "folium", "geopandas"}

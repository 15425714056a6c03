"""The model card that lies beside the weights: what they were trained on, under which terms, and how well they do."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

_TERMS: Final = {
    "gmb": "Groningen Meaning Bank 2.2, Kaggle NER tagging: mostly Voice of America news. Texts public domain, tag file ODbL",
    "wikigold": "WikiGold (Balasuriya et al. 2009): Wikipedia. CC BY 4.0",
    "wnut": "WNUT 2017 (Derczynski et al. 2017): social media. CC BY 4.0",
    "btc": "Broad Twitter Corpus, section G (Derczynski et al. 2016). CC BY 4.0",
    "uner": "Universal NER on the English Web Treebank, dev and test. CC BY-SA 4.0",
}


def card(config: Mapping[str, Any], sizes: Mapping[str, int], figures: Mapping[str, float], day: datetime.date) -> str:
    """Return the card's Markdown.

    Args:
        config: What the training was told.
        sizes: Sentences trained on, by corpus.
        figures: ``precision``, ``recall`` and ``f1`` of exact place spans on the sentences held out.
        day: When it was trained.
    """
    corpora = "\n".join(f"| {_TERMS[name]} | {count:,} |" for name, count in sizes.items())
    settings = ", ".join(f"{key} {value}" for key, value in config.items() if not isinstance(value, dict))
    return f"""# The tagger's weights

A convolutional tagger (embed, encode, predict) that gives each word of a text the probability to be part of a place, a person, an
organisation, a demonym or another name. geomap weighs it as one piece of evidence beside its gazetteer and rules. Trained {day.isoformat()} by
`make train`; {settings}.

| trained on | sentences |
| --- | --- |
{corpora}

Added while training: names of towns from the gazetteer (GeoNames, CC BY 4.0) and of persons (United States census of 1990, public domain) in place of
others, and sentences of `geomap/training/patterns.txt`, written for geomap. The weights hold no sentence of the corpora.

On held-out sentences of the same corpora, exact spans of places: precision {figures["precision"]:.3f}, recall {figures["recall"]:.3f}, F1 {figures["f1"]:.3f}. What it
adds to geomap as a whole stands in `docs/accuracy.md`.

English only; towns as attributes ("a Charlotte woman") are often missed by it alone. The weights may be used under the MIT licence of geomap, with the
attributions above.
"""

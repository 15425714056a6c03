"""One module a source: how its facts are drawn out, and how they are read when the gazetteer is built."""

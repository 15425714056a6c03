"""Text → mentions: spaCy components, the only rooms of the project that import spaCy.

``import spacy; nlp = spacy.blank("en"); nlp.add_pipe("geomap_toponyms")`` works wherever geomap is
installed; what a component finds stands in ``doc.spans["geomap"]``, labelled by kind.
"""

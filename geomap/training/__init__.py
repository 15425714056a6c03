"""Training the recogniser's model from open, labelled corpora: run by ``make train``, never by a reader."""

"""What can go wrong, each with the bad value and the mend in its message."""

from __future__ import annotations


class GeomapError(Exception):
    """Base of every error that geomap raises on purpose.

    The message is one line that names the file or value at fault and says how to mend it;
    the command line prints it as it stands.
    """


class ArticleError(GeomapError, ValueError):
    """An article cannot be read: empty, binary, mis-encoded or unreadable."""


class GazetteerError(GeomapError, ValueError):
    """A gazetteer file, or a source table it is built from, is not what it should be."""


class GazetteerNotFoundError(GeomapError, FileNotFoundError):
    """No gazetteer file lies where it was looked for."""


class OutputError(GeomapError, OSError):
    """An output file or folder cannot be written."""


class CorpusError(GeomapError, ValueError):
    """The store of parsed articles cannot be read or written."""


class ModelError(GeomapError, ValueError):
    """The spaCy model that was asked for is not installed or cannot be used."""


class UsageError(GeomapError, ValueError):
    """The caller asked for something that does not exist: an unknown format, say."""

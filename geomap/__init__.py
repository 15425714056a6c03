"""geomap: news articles in, one offline map out."""

__version__ = "0.1.0"

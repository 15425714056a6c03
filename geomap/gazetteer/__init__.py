"""The gazetteer: from names to places, borders and regions, in one read-only SQLite file."""

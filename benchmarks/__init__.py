"""Benchmarks: what geomap takes in time, memory and room. Not in the wheel, no tests."""

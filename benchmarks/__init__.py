"""Measurements that take minutes: run by hand or by ``make bench-…``, never by the tests."""

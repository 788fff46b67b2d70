"""Measurements, and the terminal that they and the tests share."""

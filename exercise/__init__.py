"""Situation Room: tabletop exercises as a pure function of content, seed and recorded inputs."""

__version__ = "0.1.0"

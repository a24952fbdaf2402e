"""Requests that nobody means, each invented from a seed and its number, so that it can be asked again."""

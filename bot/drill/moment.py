"""Moments are `int` milliseconds since 1970 UTC; these are their units."""

MINUTE_MS = 60_000
DAY_MS = 86_400_000

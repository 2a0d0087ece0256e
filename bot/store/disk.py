"""Files that must be whole: written beside their place, on disk, and only then at their place."""

import os
from pathlib import Path


def move_into_place(finished: Path, place: Path) -> None:
    """Put a finished file in its place for good; after a power cut the old or the new one is there."""
    sync(finished)
    finished.replace(place)
    sync(place.parent)


def sync(path: Path) -> None:
    """Return when a file's content, or a folder's list of names, is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""What every test of the schedule may ask for."""

from tests.wire.conftest import logged

__all__ = ["logged"]

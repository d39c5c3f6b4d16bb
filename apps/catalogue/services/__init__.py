"""What the clock does for the catalogue."""

from apps.catalogue.services.files import write_file
from apps.catalogue.services.snapshots import freeze_quarter

__all__ = ["freeze_quarter", "write_file"]

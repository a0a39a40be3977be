"""How long to wait before the next try: longer each time, never the same, and not before Tenantry wants to be asked."""

from __future__ import annotations

import random
from typing import Optional

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 30.0


def wait_seconds(attempt: int, retry_after: Optional[float] = None) -> float:
    """Seconds to wait after failure number ``attempt``, counted from 1."""
    most = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(attempt - 1, 16))
    return max(retry_after or 0.0, most * random.uniform(0.5, 1.0))

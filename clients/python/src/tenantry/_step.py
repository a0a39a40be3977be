"""A step of a run: RUNNING when it is entered, COMPLETED or FAILED when it is left."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Callable, Optional

from tenantry._values import MAX_BIG_COUNT, count, error_text, instant, json_object, later, now, text

Report = Callable[[dict[str, Any]], None]


class Step:
    """One execution of a step, for a ``with`` statement. Set ``rows`` and ``metadata`` while it runs."""

    def __init__(self, report: Report, name: str, type: str, index: int) -> None:
        self.id = str(uuid.uuid4())
        self.name = text(name, 200)
        self.type = text(type, 100)
        self.index = index
        self.rows: Optional[int] = None
        """Rows that it processed."""
        self.metadata: Optional[Mapping[str, Any]] = None
        """What else there is to know of it: a JSON object of at most 256 KiB."""
        self._report = report
        self._start = now()
        self._start_seconds = time.monotonic()
        self._skip_reason: Optional[str] = None
        self._has_ended = False

    def __enter__(self) -> Step:
        self._start, self._start_seconds = now(), time.monotonic()
        self.report()
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self._has_ended:
            return
        self._has_ended = True
        if kind is None:
            self._send("COMPLETED")
        else:
            self._send("FAILED", error_text(error) if error else kind.__name__)

    def report(self) -> None:
        """Reports how far it is: ``rows`` and ``metadata`` as they are now."""
        if not self._has_ended:
            self._send("RUNNING")

    def skip(self, reason: Optional[str] = None) -> None:
        """Reports it as SKIPPED; nothing is reported of it afterwards."""
        if not self._has_ended:
            self._has_ended = True
            self._send("SKIPPED", reason)

    def _send(self, status: str, message: Optional[str] = None) -> None:
        step: dict[str, Any] = {
            "step_logging_id": self.id,
            "step_name": self.name,
            "step_type": self.type,
            "step_index": self.index,
            "status": status,
            "start_time": instant(self._start),
        }
        if status != "RUNNING":
            # By the clock that never goes back: a step does not end before it starts.
            step["end_time"] = instant(later(self._start, time.monotonic() - self._start_seconds))
        rows = count(self.rows, f"rows of step {self.name}", MAX_BIG_COUNT)
        metadata = json_object(self.metadata, f"metadata of step {self.name}")
        optional = {
            "rows_processed": rows,
            "metadata": metadata,
            "error_message": None if message is None else text(message, 10_000),
        }
        self._report({**step, **{name: value for name, value in optional.items() if value is not None}})

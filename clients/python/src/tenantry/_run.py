"""A run: what the pipeline holds while it works. Nothing here raises but the request to end it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Optional

from tenantry._check import check_report
from tenantry._heartbeat import Heartbeat
from tenantry._journal import Journal
from tenantry._sender import Sender
from tenantry._step import Step
from tenantry._values import error_text, log, text
from tenantry.errors import RunCancelled


class Run:
    """A run that has started, for a ``with`` statement that keeps its lease. Made by ``Client.run`` and ``Client.claim``."""

    def __init__(
        self,
        about: Mapping[str, Any],
        journal: Optional[Journal] = None,
        sender: Optional[Sender] = None,
        heartbeat: Optional[Heartbeat] = None,
        flush_timeout: float = 0.0,
    ) -> None:
        """``about`` is the run as Tenantry answered it; without a journal nothing is reported."""
        self.id = str(about.get("pipeline_logging_id", ""))
        self.pipeline_id = str(about.get("pipeline_id", ""))
        self.parameters: Mapping[str, Any] = about.get("parameters") or {}
        self.about = about
        """All that Tenantry answered when it started: trigger, config_id, scheduled_for, rerun_of, quota and more."""
        self.status = "RUNNING"
        """RUNNING, then as it was reported to end: COMPLETED, FAILED or CANCELLED."""
        self._journal = journal
        self._sender = sender
        self._heartbeat = heartbeat
        self._flush_timeout = flush_timeout
        self._indexes = itertools.count()
        self._was_entered = False
        self._failure: Optional[str] = None

    @property
    def is_reported(self) -> bool:
        """False where Tenantry could not be reached and the client was told to run all the same."""
        return self._journal is not None

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked for the end of this run; told by the answer to each report and heartbeat."""
        return self._journal is not None and self._journal.cancelled.is_set()

    def check_cancelled(self) -> None:
        """Raises RunCancelled where somebody asked for the end of this run."""
        if self.cancelled:
            raise RunCancelled(f"Run {self.id} of {self.pipeline_id} is to end.")

    def step(self, name: str, *, type: str = "python") -> Step:
        """A step, for a ``with`` statement. Steps are counted from 0 as they start; they may be nested, and run in threads.

        Raises RunCancelled where somebody asked for the end of this run.
        """
        self.check_cancelled()
        return Step(self._report_step, name, type, next(self._indexes))

    def check(
        self,
        table: str,
        *,
        config: str,
        passed: int,
        failed: int = 0,
        failed_expectations: Optional[Iterable[object]] = None,
        severity: str = "error",
        executed_at: Optional[datetime] = None,
    ) -> str:
        """Reports a data-quality result; answers PASS, WARNING (with ``severity="warning"``) or FAIL.

        ``failed_expectations`` are stored as they are: leave out of them what nobody should read, as values of rows.
        """
        report = check_report(table, config, passed, failed, failed_expectations, severity, executed_at)
        self._append({"check": report})
        return str(report["overall_status"])

    def fail(self, message: str) -> None:
        """Has the run end as FAILED when it is left, without an exception."""
        self._failure = text(message, 10_000)

    def __enter__(self) -> Run:
        if not self._was_entered and self._heartbeat is not None:
            self._heartbeat.start()
        self._was_entered = True
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self.status != "RUNNING":
            return
        end: dict[str, Any] = {"status": "COMPLETED"}
        if kind is not None and issubclass(kind, RunCancelled):
            end = {"status": "CANCELLED", "error_message": text(error, 10_000, "cancelled")}
        elif kind is not None:
            end = {"status": "FAILED", "error_message": error_text(error) if error else kind.__name__}
        elif self._failure is not None:
            end = {"status": "FAILED", "error_message": self._failure}
        self.status = str(end["status"])
        self._append({"end": end})
        self._wait()

    def _wait(self) -> None:
        if self._journal is None or self._sender is None or self._sender.wait_for(self._journal, self._flush_timeout):
            return
        where = "are on disk for the next client" if self._journal.is_on_disk else "are tried while this process lives"
        log.warning("Run %s: %d reports have not arrived yet and %s.", self.id, self._journal.waiting, where)

    def _report_step(self, step: dict[str, Any]) -> None:
        self._append({"step": step})

    def _append(self, record: dict[str, Any]) -> None:
        if self._journal is None or self._sender is None:
            return
        if self._journal.append(record):
            self._sender.noted(self._journal)

    def __repr__(self) -> str:
        return f"<Run {self.id} of {self.pipeline_id}: {self.status}>"

"""The thread that sends reports: small batches soon, again and again while Tenantry is away, and what others left behind."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Optional

from tenantry._backoff import wait_seconds
from tenantry._deliver import Foreign, deliver
from tenantry._http import Http, Unreachable
from tenantry._journal import Journal
from tenantry._recovery import Recovery
from tenantry._spool import Spool
from tenantry._values import log

_LINGER_SECONDS = 0.2
_LOOK_SECONDS = 60.0
# The longest pause between two tries while somebody waits for the end of them.
_HURRIED_SECONDS = 1.0
# A single failure is nothing to tell of.
_TOLD_AT = 3


class _Queue:
    """A journal and when it is tried next."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.failures = 0
        self.next_try = 0.0
        self.not_before = 0.0
        """Until then Tenantry does not want to be asked."""


class Sender:
    """Owns the journals of this process's runs."""

    def __init__(self, http: Http, spool: Optional[Spool]) -> None:
        self._http = http
        self._spool = spool
        self._changed = threading.Condition()
        self._queues: dict[str, _Queue] = {}
        self._thread: Optional[threading.Thread] = None
        self._is_stopping = False
        self._waiters = 0
        self._look_at = 0.0
        self._failed_looks = 0
        self._passes_done = 0
        self._passes_wanted = 0
        self._all_recovered = spool is None
        self._recovery: Optional[tuple[Recovery, Iterator[None]]] = None

    def start(self) -> None:
        """Starts the thread where it does not run yet."""
        with self._changed:
            if self._thread is None and not self._is_stopping:
                self._thread = threading.Thread(target=self._work, name="tenantry-sender", daemon=True)
                self._thread.start()

    def add(self, journal: Journal) -> None:
        """Sends what comes into this journal from now on."""
        with self._changed:
            self._queues[journal.run_id] = _Queue(journal)
        self.start()

    def tell_cancelled(self, run_id: str) -> None:
        """Says that the end of this run was asked for, where it is one of this process."""
        with self._changed:
            queue = self._queues.get(run_id)
        if queue is not None:
            queue.journal.cancelled.set()

    def noted(self, journal: Journal) -> None:
        """Says that something was appended to the journal."""
        with self._changed:
            queue = self._queues.get(journal.run_id)
            if queue is None or queue.failures > 0 or queue.next_try > time.monotonic():
                return
            queue.next_try = time.monotonic() + _LINGER_SECONDS
            self._changed.notify_all()

    def wait_for(self, journal: Journal, timeout: float) -> bool:
        """Sends the journal now; whether all of it was settled within that many seconds."""
        with self._hurried():
            self._changed.wait_for(lambda: journal.waiting == 0 or journal.is_closed, timeout)
            return journal.waiting == 0

    def flush(self, timeout: float, left_behind: bool) -> bool:
        """Sends all that waits, with ``left_behind`` that of dead processes too; whether nothing is left."""
        self.start()
        with self._hurried():
            if left_behind and self._spool is not None:
                self._passes_wanted = self._passes_done + (2 if self._recovery else 1)
                self._look_at = 0.0
                self._all_recovered = False

            def is_empty() -> bool:
                recovered = self._all_recovered and self._passes_done >= self._passes_wanted
                return all(queue.journal.waiting == 0 for queue in self._queues.values()) and (recovered or not left_behind)

            return self._changed.wait_for(lambda: is_empty() or self._is_stopping, timeout) and is_empty()

    def stop(self) -> None:
        """Ends the thread; what waits stays in the spool for the next client."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(1.0)
        for queue in list(self._queues.values()):
            queue.journal.close()

    def abandon(self) -> None:
        """In the child of a fork: leaves everything to the parent."""
        self._changed = threading.Condition()
        self._is_stopping = True
        for queue in self._queues.values():
            queue.journal.abandon()

    @contextlib.contextmanager
    def _hurried(self) -> Iterator[None]:
        """Holds the lock for somebody who waits: tries at once, and often until then."""
        with self._changed:
            self._waiters += 1
            for queue in self._queues.values():
                queue.next_try = queue.not_before
            self._changed.notify_all()
            try:
                yield
            finally:
                self._waiters -= 1

    def _work(self) -> None:
        while True:
            with self._changed:
                queue = self._due()
                while queue is None and not self._recovers() and not self._is_stopping:
                    self._changed.wait(self._idle_seconds())
                    queue = self._due()
                if self._is_stopping:
                    return
            try:
                if queue is not None:
                    self._send(queue)
                else:
                    self._recover()
            except Exception:  # The thread outlives whatever is wrong with one run.
                log.warning("Reports could not be sent and are tried again.", exc_info=True)
                self._failed(queue, None)

    def _due(self) -> Optional[_Queue]:
        at = time.monotonic()
        ready = (q for q in self._queues.values() if q.journal.waiting > 0 and q.next_try <= at)
        return min(ready, key=lambda queue: queue.next_try, default=None)

    def _recovers(self) -> bool:
        return self._recovery is not None or (self._spool is not None and self._look_at <= time.monotonic())

    def _idle_seconds(self) -> float:
        times = [queue.next_try for queue in self._queues.values() if queue.journal.waiting > 0]
        if self._spool is not None:
            times.append(self._look_at)
        return max(0.01, min(times, default=time.monotonic() + _LOOK_SECONDS) - time.monotonic())

    def _send(self, queue: _Queue) -> None:
        journal = queue.journal
        batch = journal.read()
        try:
            deliver(self._http, journal, batch)
        except Unreachable as error:
            self._failed(queue, error)
            return
        except Foreign as error:
            journal.tell_once("unknown", f"Reports of run %s are dropped: {error}")
        journal.settle(batch)
        with self._changed:
            queue.failures, queue.next_try, queue.not_before = 0, 0.0, 0.0
            if journal.is_closed:
                self._queues.pop(journal.run_id, None)
            self._changed.notify_all()

    def _failed(self, queue: Optional[_Queue], error: Optional[Unreachable]) -> None:
        with self._changed:
            at = time.monotonic()
            if queue is None:
                self._recovery = None
                self._look_at = at + _LOOK_SECONDS
                return
            queue.failures += 1
            if queue.failures == _TOLD_AT:
                log.warning("Reports of run %s wait: %s", queue.journal.run_id, error)
            retry_after = error.retry_after if error else None
            queue.not_before = at + (retry_after or 0.0)
            wait = wait_seconds(queue.failures, retry_after)
            queue.next_try = max(queue.not_before, at + (min(wait, _HURRIED_SECONDS) if self._waiters else wait))

    def _recover(self) -> None:
        if self._recovery is None:
            if self._spool is None:
                return
            recovery = Recovery(self._http, self._spool)
            self._recovery = (recovery, recovery.steps())
        recovery, steps = self._recovery
        for _ in steps:
            return
        with self._changed:
            self._recovery = None
            self._passes_done += 1
            self._all_recovered = recovery.is_complete
            self._failed_looks = 0 if recovery.is_complete else self._failed_looks + 1
            wait = 0.0 if self._passes_done < self._passes_wanted else _LOOK_SECONDS
            self._look_at = time.monotonic() + (wait_seconds(self._failed_looks) if self._failed_looks else wait)
            self._changed.notify_all()

"""What a run has reported and Tenantry does not have yet, in order: on disk where that is possible, else in memory."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Callable, NamedTuple, Optional

from tenantry._spool_file import SpoolFile
from tenantry._values import log, size_of

Record = dict[str, Any]
"""One of ``{"step": …}``, ``{"check": …}`` and ``{"end": …}``."""

MAX_ITEMS = 500
# A body is at most 1 MiB, and a single report less than 600 KiB.
_MAX_BYTES = 400_000
# What was sent is let go of where it is more than this, and twice what waits, so that little is copied.
_MOST_SENT_BYTES = 1_000_000
# Of a run's file. Beyond it only the run's end is taken; progress of steps leaves an eighth of it to ends and checks.
_MAX_FILE_BYTES = 256_000_000


def _is_progress(record: Record) -> bool:
    step = record.get("step")
    return isinstance(step, dict) and step.get("status") == "RUNNING"


def _is_report(line: Record) -> bool:
    return any(kind in line for kind in ("step", "check", "end"))


class _Place(NamedTuple):
    """Where reading goes on after a record: a byte of the file, and the number of a record in memory."""

    offset: int
    number: int


@dataclass(frozen=True)
class Batch:
    """Records to send at once, how many of them lie in the file, and the place after them."""

    records: list[Record]
    in_file: int
    after: _Place


class Journal:
    """The reports of one run. Any thread may append; one sends."""

    def __init__(self, run_id: str, file: Optional[SpoolFile], limit: int, customer_id: Optional[str] = None) -> None:
        self.run_id = run_id
        self.customer_id = customer_id
        self.has_ended = False
        """Whether the end of the run was reported."""
        self.is_closed = False
        """Whether nothing more is taken or sent here: all of it is settled, or it is left to the next client."""
        self.cancelled = threading.Event()
        """Set once somebody is known to have asked for the end of the run: by an answer to a heartbeat or a report."""
        self.on_closed: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._file = file
        self._writes = file is not None
        self._limit = max(1, limit)
        self._read_to = _Place(0, 0)
        self._in_file = 0
        self._in_memory: deque[tuple[int, Record]] = deque()
        self._last_number = 0
        self._forget_from = _MOST_SENT_BYTES
        self._end_settled = False
        self._told: set[str] = set()

    @classmethod
    def left_behind(cls, run_id: str, file: SpoolFile, customer_id: Optional[str]) -> Journal:
        """That of a process that is gone, from where it had been sent to."""
        journal = cls(run_id, file, 0, customer_id)
        for line, after in file.lines(0):
            if isinstance(line.get("sent"), int):
                journal._read_to = _Place(max(0, min(line["sent"], after)), 0)
        journal._in_file = sum(_is_report(line) for line, _ in file.lines(journal._read_to.offset))
        return journal

    @property
    def waiting(self) -> int:
        """Reports that Tenantry does not have yet."""
        return self._in_file + len(self._in_memory)

    @property
    def is_on_disk(self) -> bool:
        """Whether what waits survives this process."""
        return self._file is not None and not self._in_memory

    def append(self, record: Record) -> bool:
        """Adds a report; once this returns it is kept, unless the file is full. False where none is taken any more.

        Of what is not kept one warning tells.
        """
        with self._lock:
            if self.is_closed:
                self.tell_once("closed", "Run %s takes no more reports: it was ended, or was started before a fork.")
                return False
            self.has_ended = self.has_ended or "end" in record
            if self._file is not None and self._writes:
                if self._has_no_room(self._file, record):
                    return True
                # Counted first: a signal's exception between the two then leaves one too many, which read() puts right.
                self._in_file += 1
                try:
                    self._file.append(record)
                    return True
                except OSError as error:
                    self._in_file -= 1
                    self._writes = False
                    log.warning("Reports of run %s are kept in memory only from now on: %s", self.run_id, error)
            self._last_number += 1
            self._in_memory.append((self._last_number, record))
            if len(self._in_memory) > self._limit:
                # The end is what frees the run's slot, so it is the last to go.
                del self._in_memory[1 if "end" in self._in_memory[0][1] else 0]
                self.tell_once("full", f"More than {self._limit} reports of run %s wait: the oldest are dropped.")
            return True

    def _has_no_room(self, file: SpoolFile, record: Record) -> bool:
        with contextlib.suppress(OSError):
            most = _MAX_FILE_BYTES // 8 * 7 if _is_progress(record) else _MAX_FILE_BYTES
            if "end" not in record and file.size >= most:
                limit = f"{_MAX_FILE_BYTES // 1_000_000} MB"
                self.tell_once("no room", f"The file of run %s nears {limit}: progress, then all but its end, is dropped.")
                return True
        return False

    def read(self) -> Batch:
        """The next reports: as many as one call takes; the end comes alone."""
        with self._lock:
            records: list[Record] = []
            in_file, after, size = 0, self._read_to, 0
            for record, place in self._records():
                size += size_of(record)
                if records and (len(records) == MAX_ITEMS or size > _MAX_BYTES or "end" in record):
                    break
                records.append(record)
                in_file += place.number == self._read_to.number
                after = place
                if "end" in record:
                    break
            if not records:
                # A record that is not there, as where somebody cut the file, cannot be waited for.
                self._in_file = 0
            return Batch(records, in_file, after)

    def _records(self) -> Iterator[tuple[Record, _Place]]:
        offset, number = self._read_to
        if self._file is not None:
            for line, offset in self._file.lines(self._read_to.offset):
                if _is_report(line):
                    yield line, _Place(offset, number)
        for number, record in self._in_memory:
            yield record, _Place(offset, number)

    def settle(self, batch: Batch) -> None:
        """Notes that these reports are stored, or were refused for good; closes the journal once the run's end is."""
        with self._lock:
            self._in_file -= batch.in_file
            while self._in_memory and self._in_memory[0][0] <= batch.after.number:
                self._in_memory.popleft()
            moved = batch.after.offset > self._read_to.offset
            self._read_to = batch.after
            self._end_settled = self._end_settled or any("end" in record for record in batch.records)
            is_done = self._end_settled and self.waiting == 0
            self.is_closed = self.is_closed or is_done
            if not self.is_closed and moved and self._writes and self._file is not None:
                self._note_sent(self._file)
        if is_done:
            self.delete()

    def _note_sent(self, file: SpoolFile) -> None:
        sent = self._read_to.offset
        with contextlib.suppress(OSError):
            # Where somebody cut the file, less than nothing waits; and what fails now is tried when as much again was sent.
            if sent > self._forget_from and 0 <= file.size - sent <= sent // 2:
                self._forget_from = sent + _MOST_SENT_BYTES
                start = file.clear() if self._in_file == 0 else file.forget(sent)
                self._read_to = _Place(start, self._read_to.number)
                self._forget_from = _MOST_SENT_BYTES
                return
        try:
            file.append({"sent": sent})
        except OSError:
            # The next client would send them again, which changes nothing.
            self._writes = False

    def tell_once(self, what: str, message: str) -> None:
        """Warns of one matter of this run once; the message names the run by %s."""
        if what not in self._told:
            self._told.add(what)
            log.warning(message, self.run_id)

    def delete(self) -> None:
        """Ends the journal; its file goes."""
        self.is_closed = True
        if self._file is not None:
            self._file.delete()
        self.on_closed()

    def close(self) -> None:
        """Ends the journal in this process; its file stays for the next client."""
        with self._lock:
            self.is_closed = True
            if self._file is not None:
                self._file.close()
        self.on_closed()

    def abandon(self) -> None:
        """In the child of a fork, whose threads are gone with whatever locks they held: leaves the file to the parent."""
        self._lock = threading.Lock()
        self.is_closed = True
        if self._file is not None:
            self._file.close()

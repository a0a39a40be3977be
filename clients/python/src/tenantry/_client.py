"""The client: one a process, shared by its threads."""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import threading
import uuid
import weakref
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Optional, Union

import httpx

from tenantry._heartbeat import Heartbeat
from tenantry._http import Http, Unreachable
from tenantry._journal import Journal
from tenantry._reserve import claim_once, pause_before_claim, reserve
from tenantry._run import Run
from tenantry._sender import Sender
from tenantry._spool import Spool, default_folder
from tenantry._values import log, storable_json, text
from tenantry.errors import ConcurrencyExceeded, QuotaExceeded, Unavailable

DEFAULT_LEASE_SECONDS = 900


def _lease_of(about: Mapping[str, Any]) -> float:
    """Seconds of the lease that Tenantry gave, both ends by its clock."""
    try:
        start, end = (
            datetime.fromisoformat(str(about[name]).replace("Z", "+00:00")) for name in ("start_time", "lease_expires_at")
        )
    except (KeyError, ValueError):
        return DEFAULT_LEASE_SECONDS
    return max(3.0, (end - start).total_seconds())


_clients: weakref.WeakSet[Client] = weakref.WeakSet()


class Client:
    """Reserves runs and reports of them in the background.

    ``url`` and ``api_key`` come from TENANTRY_URL and TENANTRY_API_KEY where they are not given. Make one client a
    process, after any fork; its threads may share it. There is no asyncio version.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        api_key: Optional[str] = None,
        *,
        customer_id: Optional[str] = None,
        on_unavailable: Literal["raise", "run"] = "raise",
        timeout: float = 10.0,
        reserve_timeout: float = 60.0,
        flush_timeout: float = 10.0,
        spool_dir: Union[str, os.PathLike[str], Literal[False], None] = None,
        max_in_memory: int = 10_000,
        worker_instance: Optional[str] = None,
        transport: Optional[httpx.BaseTransport] = None,
    ) -> None:
        """Raises ValueError where an address or a key is missing or cannot be one; nothing is called yet.

        customer_id: the customer to act for, with a service key of the operator.
        on_unavailable: what ``run`` does where Tenantry cannot be reached within ``reserve_timeout`` seconds: ``raise``
            Unavailable, or ``run`` the pipeline unreported and uncounted, with a warning.
        timeout: of one call, in seconds. flush_timeout: how long the end of a run, and of the process, waits for reports.
        spool_dir: where reports wait on disk; False keeps them in memory alone. TENANTRY_SPOOL_DIR, else the user's cache.
        max_in_memory: reports of one run that are kept where the disk takes none.
        """
        if on_unavailable not in ("raise", "run"):
            raise ValueError(f"on_unavailable is 'raise' or 'run', not {on_unavailable!r}.")
        key = api_key if api_key is not None else os.environ.get("TENANTRY_API_KEY", "")
        self._http = Http(url if url is not None else os.environ.get("TENANTRY_URL", ""), key, timeout, transport)
        self._customer_id = customer_id
        self._on_unavailable = on_unavailable
        self._timeout = timeout
        self._reserve_timeout = reserve_timeout
        self._flush_timeout = flush_timeout
        self._max_in_memory = max_in_memory
        self._worker_instance = worker_instance or f"{socket.gethostname()}:{os.getpid()}"
        self._spool = self._open_spool(spool_dir, key.strip())
        self._sender = Sender(self._http, self._spool)
        self._closed = threading.Event()
        if self._spool is not None:
            self._sender.start()
        atexit.register(self.close)
        _clients.add(self)

    def _open_spool(self, spool_dir: Union[str, os.PathLike[str], Literal[False], None], key: str) -> Optional[Spool]:
        if spool_dir is False:
            return None
        try:
            folder = default_folder() if spool_dir is None else Path(spool_dir)
            return Spool(folder, self._http.url, key, self._customer_id)
        except (OSError, RuntimeError) as error:
            log.warning("Reports are kept in memory only: %s", error)
            return None

    def run(
        self,
        pipeline_id: str,
        *,
        trigger_type: Literal["api", "scheduler", "manual", "webhook", "retry"] = "api",
        trigger_by: Optional[str] = None,
        parameters: Optional[Mapping[str, Any]] = None,
        config_version: Optional[str] = None,
        config_id: Optional[str] = None,
        worker_instance: Optional[str] = None,
        lease_seconds: int = DEFAULT_LEASE_SECONDS,
    ) -> Run:
        """Takes one run of the quota and starts it; use it in a ``with`` statement, which keeps its lease and ends it.

        ``lease_seconds`` is how long the run stays RUNNING without a heartbeat, as after the worker's sudden death. Raises
        QuotaExceeded, ConcurrencyExceeded, AuthenticationError, PermissionDenied, InvalidRequest, and Unavailable unless the
        client was made with ``on_unavailable="run"``. A call that is repeated because its answer was lost takes one run.
        """
        self._refuse_closed()
        body = self._body(
            pipeline_id=pipeline_id,
            trigger_type=trigger_type,
            trigger_by=text(trigger_by if trigger_by is not None else self._worker_instance, 200),
            parameters=None if parameters is None else storable_json(parameters),
            config_version=config_version,
            config_id=config_id,
            worker_instance=text(worker_instance or self._worker_instance, 200),
            lease_seconds=lease_seconds,
        )
        try:
            return self._started(reserve(self._http, body, self._reserve_timeout, self._timeout))
        except Unavailable as error:
            if self._on_unavailable == "raise":
                raise
            log.warning("%s runs without being counted or reported: %s", pipeline_id, error)
            return Run({**body, "pipeline_logging_id": str(uuid.uuid4())})

    def claim(
        self,
        *,
        pipeline_ids: Optional[Sequence[str]] = None,
        wait_seconds: int = 30,
        forever: bool = True,
        worker_instance: Optional[str] = None,
        lease_seconds: Optional[int] = None,
    ) -> Iterator[Run]:
        """Runs that wait for a worker ("Run again", schedules), one after another, each started when it is handed out.

        Waits for the next one until the client is closed; with ``forever=False`` it ends where none came within
        ``wait_seconds`` (0 to 30), and raises what ``run`` raises. Otherwise a limit that is reached, or Tenantry being away,
        is waited for, and only what waiting does not help is raised. The lease is that of the run that is repeated, where
        ``lease_seconds`` is not said.
        """
        self._refuse_closed()
        body = self._body(
            pipeline_ids=None if pipeline_ids is None else list(pipeline_ids),
            worker_instance=text(worker_instance or self._worker_instance, 200),
            lease_seconds=lease_seconds,
            wait_seconds=wait_seconds,
        )
        failures = 0
        while not self._closed.is_set():
            try:
                about = claim_once(self._http, body, self._timeout)
                failures = 0
            except (Unreachable, QuotaExceeded, ConcurrencyExceeded) as error:
                if not forever:
                    raise Unavailable(str(error)) if isinstance(error, Unreachable) else error from error
                failures += 1
                pause_before_claim(failures, error, self._closed.wait)
                continue
            if about is not None:
                yield self._started(about)
            elif not forever:
                return

    def cancel(self, run_id: str) -> Mapping[str, Any]:
        """Asks for the end of a run; answers the run as it is now. Raises TenantryError where there is none or it has ended.

        A run of this client knows it at once, that of another process by its next report or heartbeat.
        """
        known = str(uuid.UUID(run_id))
        try:
            answer = self._http.post(f"/v1/runs/{known}/cancel", self._body()).body
        except Unreachable as error:
            raise Unavailable(str(error), retry_after=error.retry_after) from error
        if answer.get("cancel_requested") is True:
            self._sender.tell_cancelled(known)
        return answer

    def flush(self, timeout: Optional[float] = None) -> bool:
        """Sends what waits, also what processes that are gone left in the spool; whether nothing is left. Never raises."""
        return self._sender.flush(self._flush_timeout if timeout is None else timeout, left_behind=True)

    def close(self, timeout: Optional[float] = None) -> None:
        """Waits at most ``flush_timeout`` for reports, then ends; what is left stays in the spool. Also called at exit."""
        if self._closed.is_set():
            return
        self._closed.set()
        atexit.unregister(self.close)
        with contextlib.suppress(RuntimeError):
            self._sender.flush(self._flush_timeout if timeout is None else timeout, left_behind=False)
        self._sender.stop()
        self._http.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def _started(self, about: Mapping[str, Any]) -> Run:
        run_id = str(uuid.UUID(str(about.get("pipeline_logging_id"))))
        file = self._spool.create(run_id) if self._spool else None
        journal = Journal(run_id, file, self._max_in_memory, self._customer_id)
        heartbeat = Heartbeat(self._http, journal, _lease_of(about))
        journal.on_closed = heartbeat.stop
        self._sender.add(journal)
        if about.get("cancel_requested") is True:
            journal.cancelled.set()
        return Run(about, journal, self._sender, heartbeat, self._flush_timeout)

    def _body(self, **fields: Any) -> dict[str, Any]:
        named = {**fields, "customer_id": self._customer_id}
        return {name: value for name, value in named.items() if value is not None}

    def _refuse_closed(self) -> None:
        if self._closed.is_set():
            raise RuntimeError("This client is closed, or was made before a fork: make one in this process.")

    def _forked(self) -> None:
        self._closed = threading.Event()
        self._closed.set()
        atexit.unregister(self.close)
        self._sender.abandon()


def _after_fork() -> None:
    for client in list(_clients):
        client._forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

"""Takes a run of the quota. This is the only call whose refusal stops a pipeline."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any, Callable, Optional

from tenantry._backoff import wait_seconds
from tenantry._http import Answer, Http, Unreachable
from tenantry._values import log
from tenantry.errors import InvalidRequest, TenantryError, Unavailable

_LONGEST_CLAIM_WAIT = 60.0


def reserve(http: Http, body: Mapping[str, Any], timeout: float, call_timeout: float) -> Mapping[str, Any]:
    """The run as it started, once however often it is asked for. Raises the refusal, or Unavailable after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    key = str(uuid.uuid4())
    attempt = 0
    while True:
        attempt += 1
        left = max(1.0, deadline - time.monotonic())
        try:
            answer = http.post("/v1/runs", body, headers={"Idempotency-Key": key}, timeout=min(call_timeout, left))
            _refuse_stranger(http, answer)
        except Unreachable as error:
            wait = wait_seconds(attempt, error.retry_after)
            if time.monotonic() + wait > deadline:
                raise Unavailable(f"No run was reserved within {timeout:g} s. {error}", retry_after=error.retry_after) from error
            log.info("Reserving a run is tried again in %.1f s: %s", wait, error)
            time.sleep(wait)
            continue
        if _goes_on(http, answer, body):
            return answer.body
        key = str(uuid.uuid4())


def _refuse_stranger(http: Http, answer: Answer) -> None:
    """Raises Unreachable where what answered is not Tenantry."""
    try:
        uuid.UUID(str(answer.body.get("pipeline_logging_id")))
    except ValueError as error:
        raise Unreachable(f"{http.url} did not answer as Tenantry does. Is its address right?") from error


def _goes_on(http: Http, answer: Answer, body: Mapping[str, Any]) -> bool:
    """Whether the run goes on. One whose first answer was lost may have lost its lease by the time that it is answered again."""
    if answer.headers.get("idempotency-replayed") != "true":
        return True
    named = {"customer_id": body["customer_id"]} if "customer_id" in body else {}
    try:
        http.post(f"/v1/runs/{answer.body.get('pipeline_logging_id')}/heartbeat", named)
    except InvalidRequest:
        return False
    except (Unreachable, TenantryError):
        return True
    return True


def claim_once(http: Http, body: Mapping[str, Any], call_timeout: float) -> Optional[Mapping[str, Any]]:
    """A run that waited and has started now; None where none came within its ``wait_seconds``."""
    answer = http.post("/v1/runs/claim", body, timeout=call_timeout + float(body["wait_seconds"]))
    if answer.status == 204:
        return None
    _refuse_stranger(http, answer)
    return answer.body


def pause_before_claim(attempt: int, error: Exception, sleep: Callable[[float], object]) -> None:
    """Waits as long as Tenantry asks for, but at most a minute: a plan may be changed before its limit resets."""
    retry_after: Optional[float] = getattr(error, "retry_after", None)
    wait = wait_seconds(attempt, min(retry_after or 0.0, _LONGEST_CLAIM_WAIT))
    log.info("The next run is claimed in %.0f s: %s", wait, error)
    sleep(wait)

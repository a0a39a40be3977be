"""Sends a batch of reports. Calls may be repeated at will: every report has an id of its own, and a run ends once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenantry._http import Http, Unreachable
from tenantry._journal import Batch, Journal
from tenantry._values import log
from tenantry.errors import TenantryError

# A key that is refused now may be renewed, or its customer's standing restored; until then it is not asked often.
_REFUSED_KEY_SECONDS = 30.0
_SPLIT = frozenset({400, 413, 422})
_MOST_NAMED = 5


class Foreign(Exception):
    """The run is none that our key may report of."""


class Refused(Unreachable):
    """Tenantry takes nothing of this run's customer now, though it may of another's: suspended, or over its limit."""


def deliver(http: Http, journal: Journal, batch: Batch) -> None:
    """Sends the batch. Raises Unreachable where it is to be sent again; what is refused for good is dropped with a warning."""
    steps = _latest(record["step"] for record in batch.records if isinstance(record.get("step"), dict))
    checks = _latest(record["check"] for record in batch.records if isinstance(record.get("check"), dict))
    if steps:
        _report(http, journal, "steps", "steps", steps)
    if checks:
        _report(http, journal, "dq-results", "dq_results", checks)
    for record in batch.records:
        if isinstance(record.get("end"), dict):
            _end(http, journal, record["end"])


def _latest(items: Any) -> list[dict[str, Any]]:
    """Of each id the last state, in the order of the first: a batch names an id once."""
    kept: dict[object, dict[str, Any]] = {}
    for item in items:
        kept[item.get("step_logging_id") or item.get("dq_result_id")] = item
    return list(kept.values())


def _post(http: Http, journal: Journal, call: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    named = {} if journal.customer_id is None else {"customer_id": journal.customer_id}
    try:
        return http.post(f"/v1/runs/{journal.run_id}/{call}", {**body, **named}).body
    except TenantryError as error:
        if error.status not in (401, 402, 403, 429):
            raise
        journal.tell_once("refused", f"Reports of run %s wait: {error}")
        # 401 is of the key itself, and so of every run.
        kind = Unreachable if error.status == 401 else Refused
        raise kind(str(error), error.retry_after or _REFUSED_KEY_SECONDS) from error


def _report(http: Http, journal: Journal, call: str, name: str, items: Sequence[dict[str, Any]]) -> None:
    try:
        body = _post(http, journal, call, {name: items})
    except TenantryError as error:
        if error.status == 404:
            raise Foreign(str(error)) from error
        if error.status in _SPLIT and len(items) > 1:
            middle = len(items) // 2
            _report(http, journal, call, name, items[:middle])
            _report(http, journal, call, name, items[middle:])
            return
        log.warning("Run %s: %d %s are not stored (%s): %s", journal.run_id, len(items), name, error.code, error)
        return
    if body.get("cancel_requested") is True:
        journal.cancelled.set()
    answers = body.get("items")
    if not isinstance(answers, list) or len(answers) != len(items):
        raise Unreachable(f"{http.url} did not answer as Tenantry does.")
    _warn_of_refused(journal, name, items, answers)


def _warn_of_refused(journal: Journal, name: str, items: Sequence[dict[str, Any]], answers: Sequence[Any]) -> None:
    refused = [
        (index, items[index], answer)
        for index, answer in enumerate(answers)
        if isinstance(answer, dict) and answer.get("status") != 200 and not _came_late(items[index], answer)
    ]
    for index, item, answer in refused[:_MOST_NAMED]:
        label = item.get("step_name") or item.get("target_table")
        details = (journal.run_id, name, index, label, answer.get("code"), answer.get("message"))
        log.warning("Run %s: %s[%d] (%s) is not stored (%s): %s", *details)
    if len(refused) > _MOST_NAMED:
        log.warning("Run %s: %d more %s are not stored.", journal.run_id, len(refused) - _MOST_NAMED, name)


def _came_late(item: Mapping[str, Any], answer: Mapping[str, Any]) -> bool:
    """Whether a step's start was sent again after its end, which says nothing new."""
    return answer.get("code") == "step_goes_back" and item.get("status") == "RUNNING"


def _end(http: Http, journal: Journal, end: Mapping[str, Any]) -> None:
    try:
        _post(http, journal, "complete", end)
    except TenantryError as error:
        if error.status == 404:
            raise Foreign(str(error)) from error
        tell_of_lost_run(journal, error)


def tell_of_lost_run(journal: Journal, error: TenantryError) -> None:
    """Warns once that the run is over for Tenantry, whoever hears of it first."""
    reason = "no heartbeat came before its lease ran out" if error.code == "lease_expired" else str(error)
    journal.tell_once("lost", f"Tenantry ended run %s already: {reason}. The pipeline goes on, but its end no longer counts.")

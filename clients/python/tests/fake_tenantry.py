"""A data plane in memory for the tests: it keeps what it is told, and can be away, slow to answer or full."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any, Callable, Optional

import httpx

Answer = tuple[int, dict[str, Any]]
URL = "http://tenantry.test"


def problem(status: int, code: str, detail: str = "No.", **more: Any) -> Answer:
    """A problem document as the data plane writes it."""
    return status, {
        "type": f"/docs/errors#{code}",
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": "req_1",
        **more,
    }


class FakeTenantry:
    """Counts every call by its last word; ``before`` may answer in its place."""

    def __init__(self) -> None:
        self.runs: dict[str, dict[str, Any]] = {}
        self.steps: dict[str, dict[str, Any]] = {}
        self.checks: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.keys: dict[str, str] = {}
        self.headers: list[httpx.Headers] = []
        self.waiting: list[str] = []
        self.lease_seconds = 900
        self.is_away = False
        self.before: Callable[[str, dict[str, Any]], Optional[Answer]] = lambda call, body: None
        self.answer_headers: dict[str, str] = {}
        self._lock = threading.Lock()
        self.transport = httpx.MockTransport(self._handle)

    def count(self, call: str) -> int:
        """How often a call came."""
        return sum(name == call for name, _ in self.calls)

    def status_of(self, run_id: str) -> str:
        """The run's status now."""
        return str(self.runs[run_id]["status"])

    def queue(self, pipeline_id: str) -> str:
        """Makes a run that waits."""
        run_id = self._start({"pipeline_id": pipeline_id, "parameters": {"day": "2026-01-31"}})["pipeline_logging_id"]
        self.runs[run_id]["status"] = "PENDING"
        self.waiting.append(run_id)
        return str(run_id)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("connection refused", request=request)
        with self._lock:
            body = json.loads(request.content)
            parts = request.url.path.split("/")
            call = parts[-1]
            self.headers.append(request.headers)
            self.calls.append((call, body))
            answer = self.before(call, body) or self._answer(call, parts[3] if len(parts) > 3 else "", body, request)
            status, content = answer
            if status == 204:
                return httpx.Response(204)
            return httpx.Response(status, json=content, headers=self.answer_headers)

    def _answer(self, call: str, run_id: str, body: dict[str, Any], request: httpx.Request) -> Answer:
        if call == "runs":
            return self._reserve(body, request.headers.get("idempotency-key", ""))
        if call == "claim":
            return self._claim()
        if run_id not in self.runs:
            return problem(404, "not_found")
        run = self.runs[run_id]
        if call == "steps":
            return self._store(self.steps, body["steps"], "step_logging_id", run_id)
        if call == "dq-results":
            return self._store(self.checks, body["dq_results"], "dq_result_id", run_id)
        if call == "cancel":
            run["cancel_requested"] = True
            return 200, run
        if run["status"] != "RUNNING" and run["status"] != body.get("status"):
            return problem(409, run.get("ended_by", "run_finished"))
        if call == "complete":
            run.update(body)
        return 200, run

    def _start(self, body: dict[str, Any]) -> dict[str, Any]:
        run_id = str(uuid.uuid4())
        expires = (
            f"2026-01-31T{self.lease_seconds // 3600:02}:{self.lease_seconds // 60 % 60:02}:{self.lease_seconds % 60:02}.000Z"
        )
        times = {"start_time": "2026-01-31T00:00:00.000Z", "lease_expires_at": expires}
        self.runs[run_id] = {
            **body,
            **times,
            "pipeline_logging_id": run_id,
            "status": "RUNNING",
            "cancel_requested": False,
        }
        return self.runs[run_id]

    def _reserve(self, body: dict[str, Any], key: str) -> Answer:
        if key in self.keys:
            return 201, self.runs[self.keys[key]]
        run = self._start(body)
        self.keys[key] = run["pipeline_logging_id"]
        return 201, run

    def _claim(self) -> Answer:
        if not self.waiting:
            return 204, {}
        run = self.runs[self.waiting.pop(0)]
        run["status"] = "RUNNING"
        return 200, run

    def _store(self, kept: dict[str, dict[str, Any]], items: list[dict[str, Any]], id_field: str, run_id: str) -> Answer:
        answers = []
        for index, item in enumerate(items):
            if id_field not in item:
                answers.append({"index": index, "id": None, "status": 400, "code": "invalid_input", "message": "No."})
                continue
            before = kept.get(item[id_field], {})
            if before.get("status") in ("COMPLETED", "FAILED") and before["status"] != item.get("status"):
                answers.append({"index": index, "id": item[id_field], "status": 409, "code": "step_goes_back", "message": "No."})
                continue
            kept[item[id_field]] = {**before, **item, "run": run_id}
            answers.append({"index": index, "id": item[id_field], "status": 200})
        failed = sum(answer["status"] != 200 for answer in answers)
        told = {"cancel_requested": self.runs.get(run_id, {}).get("cancel_requested") is True}
        return 200, {"stored": len(items) - failed, "failed": failed, "items": answers, **told}

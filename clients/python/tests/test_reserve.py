"""Starting and claiming runs: the only calls that may stop a pipeline."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Optional

import httpx
import pytest
from conftest import MakeClient
from fake_tenantry import Answer, FakeTenantry, problem

from tenantry import (
    AuthenticationError,
    Client,
    ConcurrencyExceeded,
    InvalidRequest,
    PermissionDenied,
    QuotaExceeded,
    TenantryError,
    Unavailable,
)


def refuse(server: FakeTenantry, answer: Answer, times: int = 1_000) -> None:
    left = [times]

    def before(call: str, body: dict[str, Any]) -> Optional[Answer]:
        left[0] -= 1
        return answer if left[0] >= 0 else None

    server.before = before


def test_a_used_up_day_is_told_with_the_time_when_it_starts_anew(server: FakeTenantry, client: Client) -> None:
    refuse(server, problem(429, "quota_exceeded", "All 6 runs of today are used.", period="day", daily_limit=6))
    server.answer_headers = {"date": "Sat, 31 Jan 2026 22:00:00 GMT", "retry-after": "7200"}
    with pytest.raises(QuotaExceeded, match="All 6 runs") as caught:
        client.run("daily")
    assert caught.value.limit == "daily_runs"
    assert caught.value.resets_at == datetime(2026, 2, 1, tzinfo=timezone.utc)
    assert caught.value.retry_after == 7200
    assert caught.value.request_id == "req_1"
    assert server.count("runs") == 1


@pytest.mark.parametrize(
    ("code", "period", "limit"),
    [("quota_exceeded", "month", "monthly_runs"), ("usage_exceeded", "", "monthly_api_calls")],
)
def test_limits_of_the_month_are_named(server: FakeTenantry, client: Client, code: str, period: str, limit: str) -> None:
    refuse(server, problem(429, code, period=period))
    with pytest.raises(QuotaExceeded) as caught:
        client.run("daily")
    assert (caught.value.limit, caught.value.resets_at) == (limit, None)


def test_full_slots_are_another_error_that_says_how_many_run(server: FakeTenantry, client: Client) -> None:
    refuse(server, problem(429, "concurrency_exceeded", running=3, concurrent_limit=3))
    server.answer_headers = {"retry-after": "5"}
    with pytest.raises(ConcurrencyExceeded) as caught:
        client.run("daily")
    assert (caught.value.running, caught.value.limit, caught.value.retry_after) == (3, 3, 5)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "invalid_key", AuthenticationError),
        (403, "subscription_inactive", PermissionDenied),
        (400, "invalid_input", InvalidRequest),
        (404, "not_found", InvalidRequest),
    ],
)
def test_refusals_are_errors_of_tenantry(
    server: FakeTenantry, client: Client, status: int, code: str, kind: type[TenantryError]
) -> None:
    refuse(server, problem(status, code, errors=[{"path": "pipeline_id", "message": "No."}]))
    with pytest.raises(kind) as caught:
        client.run("daily")
    assert (caught.value.code, caught.value.errors[0]["path"]) == (code, "pipeline_id")
    assert issubclass(kind, TenantryError)
    assert server.count("runs") == 1


@pytest.mark.parametrize("answer", [problem(503, "database_unavailable"), problem(429, "rate_limited"), (502, {})])
def test_what_passes_is_tried_again_under_the_same_key(server: FakeTenantry, client: Client, answer: Answer) -> None:
    refuse(server, answer, times=2)
    with client.run("daily"):
        pass
    keys = {headers["idempotency-key"] for headers in server.headers if "idempotency-key" in headers}
    assert (server.count("runs"), len(keys), len(server.runs)) == (3, 1, 1)


def test_a_lost_answer_takes_one_run(server: FakeTenantry, client: Client) -> None:
    started = server._start

    def start_and_lose(body: dict[str, Any]) -> dict[str, Any]:
        run = started(body)
        server.keys[server.headers[-1]["idempotency-key"]] = run["pipeline_logging_id"]
        raise httpx.ReadTimeout("timed out")

    server._start = start_and_lose  # type: ignore[method-assign]
    with client.run("daily") as run:
        pass
    assert [*server.runs] == [run.id]


def test_where_tenantry_is_away_it_raises_after_the_timeout(server: FakeTenantry, make_client: MakeClient) -> None:
    server.is_away = True
    client = make_client(reserve_timeout=0.5)
    with pytest.raises(Unavailable, match=r"No run was reserved within 0\.5 s"):
        client.run("daily")


def test_where_tenantry_is_away_the_pipeline_may_run_unreported(
    server: FakeTenantry, make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    server.is_away = True
    with make_client(on_unavailable="run", reserve_timeout=0.5).run("daily", parameters={"a": 1}) as run:
        with run.step("load") as step:
            step.rows = 1
        run.check("t", config="c", passed=1)
    assert (run.is_reported, run.status, run.parameters) == (False, "COMPLETED", {"a": 1})
    assert "runs without being counted or reported" in caplog.text


def test_a_refusal_stops_the_pipeline_also_where_it_may_run_unreported(server: FakeTenantry, make_client: MakeClient) -> None:
    refuse(server, problem(429, "quota_exceeded", period="day"))
    with pytest.raises(QuotaExceeded):
        make_client(on_unavailable="run").run("daily")


def test_what_does_not_answer_as_tenantry_is_unavailable(server: FakeTenantry, make_client: MakeClient) -> None:
    client = make_client(reserve_timeout=0.5)
    refuse(server, (200, {"hello": "I am a proxy"}))
    with pytest.raises(Unavailable, match="Is its address right"):
        client.run("daily")


@pytest.mark.parametrize(
    ("url", "key", "message"),
    [
        ("", "k", "TENANTRY_URL"),
        ("ftp://x", "k", "no URL"),
        ("https://x", "", "TENANTRY_API_KEY"),
        ("https://x", "a\nb", "signs"),
    ],
)
def test_missing_settings_are_named_at_once(url: str, key: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Client(url, key, spool_dir=False)


def test_address_and_key_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, server: FakeTenantry) -> None:
    monkeypatch.setenv("TENANTRY_URL", "https://tenantry.test/")
    monkeypatch.setenv("TENANTRY_API_KEY", "ty_live_env")
    with Client(spool_dir=False, transport=server.transport) as client:
        with client.run("daily"):
            pass
    assert {headers["authorization"] for headers in server.headers} == {"Bearer ty_live_env"}


def test_waiting_runs_are_claimed_one_after_another(server: FakeTenantry, client: Client) -> None:
    ids = [server.queue("daily"), server.queue("daily")]
    done = []
    for run in client.claim(pipeline_ids=["daily"], wait_seconds=0, forever=False):
        with run:
            assert run.parameters == {"day": "2026-01-31"}
        done.append(run.id)
    assert done == ids
    assert {server.status_of(run_id) for run_id in ids} == {"COMPLETED"}
    assert server.calls[0][1]["pipeline_ids"] == ["daily"]


def test_a_claim_waits_while_tenantry_is_away_or_the_quota_is_used_up(server: FakeTenantry, client: Client) -> None:
    refuse(server, problem(429, "concurrency_exceeded"), times=2)
    server.queue("daily")
    for run in client.claim(wait_seconds=0):
        with run:
            client_is_done = True
        break
    assert client_is_done
    assert server.count("claim") == 3


def test_a_claim_with_a_key_that_is_refused_is_raised(server: FakeTenantry, client: Client) -> None:
    refuse(server, problem(401, "invalid_key"))
    with pytest.raises(AuthenticationError):
        next(client.claim())

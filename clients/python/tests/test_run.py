"""What becomes of a pipeline's run, its steps and its checks."""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime, timezone
from typing import Any

import pytest
from conftest import MakeClient
from fake_tenantry import FakeTenantry

from tenantry import Client, RunCancelled
from tenantry._heartbeat import pause_between
from tenantry._http import USER_AGENT


def steps_of(server: FakeTenantry) -> list[dict[str, Any]]:
    return sorted(server.steps.values(), key=lambda step: int(step["step_index"]))


def test_a_run_reports_its_steps_and_checks_and_completes(server: FakeTenantry, client: Client) -> None:
    with client.run("daily", trigger_type="scheduler", trigger_by="cron", parameters={"day": "2026-01-31"}) as run:
        with run.step("load", type="bigquery_to_bigquery") as step:
            step.rows = 1200
            step.metadata = {"table": "d.t"}
        status = run.check("p.d.t", config="suite", passed=11, failed=1, failed_expectations=[{"column": "id"}])
    assert status == "FAIL"
    assert run.status == server.status_of(run.id) == "COMPLETED"
    [stored] = server.steps.values()
    assert (stored["status"], stored["rows_processed"], stored["metadata"]) == ("COMPLETED", 1200, {"table": "d.t"})
    assert stored["end_time"] >= stored["start_time"]
    [check] = server.checks.values()
    assert (check["overall_status"], check["expectations_failed"]) == ("FAIL", 1)
    assert server.runs[run.id]["parameters"] == {"day": "2026-01-31"}
    assert {headers["user-agent"] for headers in server.headers} == {USER_AGENT}


def test_an_exception_fails_step_and_run_with_its_last_line_and_goes_on(server: FakeTenantry, client: Client) -> None:
    with pytest.raises(ValueError, match="boom"):
        with client.run("daily") as run:
            with run.step("load"):
                raise ValueError("boom")
    assert (run.status, server.runs[run.id]["error_message"]) == ("FAILED", "ValueError: boom")
    [step] = server.steps.values()
    assert (step["status"], step["error_message"]) == ("FAILED", "ValueError: boom")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
def test_leaving_by_an_interrupt_or_exit_fails_the_run(server: FakeTenantry, client: Client, error: BaseException) -> None:
    with pytest.raises(type(error)):
        with client.run("daily") as run:
            raise error
    assert server.status_of(run.id) == "FAILED"
    assert str(server.runs[run.id]["error_message"]).startswith(type(error).__name__)


def test_an_interrupt_while_a_report_is_written_still_ends_the_run(
    server: FakeTenantry, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def interrupted(fd: int, data: bytes) -> int:
        monkeypatch.undo()
        write(fd, data)
        raise KeyboardInterrupt

    def interrupted_before(fd: int, data: bytes) -> int:
        monkeypatch.undo()
        raise KeyboardInterrupt

    for fake in (interrupted, interrupted_before):
        with pytest.raises(KeyboardInterrupt):
            with client.run("daily") as run:
                assert client.flush()
                monkeypatch.setattr(os, "write", fake)
                run.check("t", config="c", passed=1)
        assert server.status_of(run.id) == "FAILED"
        assert client.flush()


def test_a_step_that_is_caught_fails_alone(server: FakeTenantry, client: Client) -> None:
    with client.run("daily") as run:
        try:
            with run.step("optional"):
                raise OSError("disk")
        except OSError:
            pass
        with run.step("rest"):
            pass
    assert server.status_of(run.id) == "COMPLETED"
    assert [step["status"] for step in steps_of(server)] == ["FAILED", "COMPLETED"]


def test_steps_are_counted_as_they_start_nested_and_in_threads(server: FakeTenantry, client: Client) -> None:
    def work(name: str) -> None:
        with run.step(name):
            pass

    with client.run("daily") as run:
        with run.step("outer"):
            with run.step("inner"):
                pass
        threads = [threading.Thread(target=work, args=(f"part_{n}",)) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [step["step_index"] for step in steps_of(server)] == list(range(22))
    assert [step["step_name"] for step in steps_of(server)][:2] == ["outer", "inner"]
    assert {step["status"] for step in steps_of(server)} == {"COMPLETED"}


def test_a_step_is_running_while_it_runs_and_tells_how_far_it_is(server: FakeTenantry, client: Client) -> None:
    with client.run("daily") as run:
        with run.step("load") as step:
            assert client.flush()
            assert server.steps[step.id]["status"] == "RUNNING"
            step.rows = 10
            step.report()
            assert client.flush()
            assert server.steps[step.id]["rows_processed"] == 10


def test_a_skipped_step_stays_skipped(server: FakeTenantry, client: Client) -> None:
    with client.run("daily") as run:
        with run.step("weekly") as step:
            step.skip("it is no Monday")
    [stored] = server.steps.values()
    assert (stored["status"], stored["error_message"]) == ("SKIPPED", "it is no Monday")


def test_a_run_can_be_failed_without_an_exception(server: FakeTenantry, client: Client) -> None:
    with client.run("daily") as run:
        run.fail("2 of 12 checks failed")
    assert (server.status_of(run.id), server.runs[run.id]["error_message"]) == ("FAILED", "2 of 12 checks failed")


@pytest.mark.parametrize(
    ("failed", "severity", "status"),
    [(0, "error", "PASS"), (0, "warning", "PASS"), (2, "warning", "WARNING"), (2, "error", "FAIL"), (2, "odd", "FAIL")],
)
def test_a_check_is_pass_warning_or_fail(server: FakeTenantry, client: Client, failed: int, severity: str, status: str) -> None:
    with client.run("daily") as run:
        assert run.check("t", config="c", passed=1, failed=failed, severity=severity) == status
    assert [check["overall_status"] for check in server.checks.values()] == [status]


@pytest.mark.parametrize("odd", [datetime.min, datetime.max, "2026-01-31"])
def test_a_check_made_at_no_time_is_reported_as_made_now_with_one_warning(
    server: FakeTenantry, client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, odd: Any
) -> None:
    for zone, sooner in (("Asia/Tokyo", datetime.min), ("America/New_York", datetime.max)):
        if odd == sooner:
            monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with client.run("daily") as run:
            run.check("d.t", config="c", passed=1, executed_at=odd)
    finally:
        monkeypatch.undo()
        time.tzset()
    [check] = server.checks.values()
    made = datetime.fromisoformat(check["executed_at"])
    assert abs((datetime.now(timezone.utc) - made).total_seconds()) < 60
    assert caplog.text.count("executed_at of the check of d.t") == 1


def test_a_cancellation_is_heard_by_a_heartbeat_and_ends_the_run_as_cancelled(server: FakeTenantry, client: Client) -> None:
    server.lease_seconds = 3
    with pytest.raises(RunCancelled):
        with client.run("daily", lease_seconds=3) as run:
            assert not run.cancelled
            run.check_cancelled()
            server.runs[run.id]["cancel_requested"] = True
            while not run.cancelled:
                threading.Event().wait(0.05)
            run.step("never")
    assert server.status_of(run.id) == "CANCELLED"
    assert not server.steps


def test_a_cancellation_is_heard_by_the_answer_to_a_report_long_before_a_heartbeat(
    server: FakeTenantry, client: Client
) -> None:
    with pytest.raises(RunCancelled):
        with client.run("daily") as run:
            server.runs[run.id]["cancel_requested"] = True
            with run.step("first"):
                while not run.cancelled:
                    threading.Event().wait(0.05)
            run.step("never")
    assert server.status_of(run.id) == "CANCELLED"
    assert not server.count("heartbeat")


def test_a_run_that_its_own_client_cancels_knows_it_at_once(server: FakeTenantry, client: Client) -> None:
    with client.run("daily") as run:
        client.cancel(run.id)
        assert run.cancelled
    assert not server.count("heartbeat")



def test_heartbeats_come_each_third_of_the_lease_and_each_minute_at_least() -> None:
    assert [pause_between(lease) for lease in (3, 60, 900, 86_400)] == [1, 20, 60, 60]


def test_a_pipeline_may_end_its_own_run_as_cancelled(server: FakeTenantry, client: Client) -> None:
    with pytest.raises(RunCancelled):
        with client.run("daily") as run:
            raise RunCancelled("nothing to do")
    assert (server.status_of(run.id), server.runs[run.id]["error_message"]) == ("CANCELLED", "nothing to do")


def test_a_lost_lease_is_told_once_and_breaks_nothing(
    server: FakeTenantry, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    server.lease_seconds = 3
    with client.run("daily") as run:
        server.runs[run.id].update(status="FAILED", ended_by="lease_expired")
        while not server.count("heartbeat"):
            threading.Event().wait(0.05)
        with run.step("late"):
            pass
    assert server.status_of(run.id) == "FAILED"
    assert len(server.steps) == 1
    assert len([record for record in caplog.records if "lease ran out" in record.getMessage()]) == 1


def test_a_service_key_names_the_customer_in_every_call(server: FakeTenantry, make_client: MakeClient) -> None:
    server.lease_seconds = 3
    with make_client(customer_id="acme").run("daily") as run:
        with run.step("a"):
            run.check("t", config="c", passed=1)
        while not server.count("heartbeat"):
            threading.Event().wait(0.05)
    assert {call for call, _ in server.calls} == {"runs", "steps", "dq-results", "heartbeat", "complete"}
    assert {body.get("customer_id") for _, body in server.calls} == {"acme"}

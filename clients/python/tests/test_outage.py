"""Reports while Tenantry is away, and what a killed process had reported."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Optional

import pytest
from conftest import MakeClient, child_environment, files_of
from fake_tenantry import URL, Answer, FakeTenantry, problem

from tenantry import Client, _backoff


def test_reports_wait_while_tenantry_is_away_and_arrive_when_it_is_back(server: FakeTenantry, client: Client) -> None:
    with client.run("daily") as run:
        server.is_away = True
        for number in range(30):
            with run.step(f"step_{number}"):
                run.check("t", config="c", passed=number)
        assert not server.steps
        server.is_away = False
    assert (len(server.steps), len(server.checks), server.status_of(run.id)) == (30, 30, "COMPLETED")


def test_an_outage_to_the_end_delays_the_pipeline_by_the_flush_timeout_only(
    server: FakeTenantry, make_client: MakeClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(flush_timeout=0.3)
    with client.run("daily") as run:
        server.is_away = True
        with run.step("load"):
            pass
        left_at = time.monotonic()
    assert time.monotonic() - left_at < 1.5
    assert "are on disk for the next client" in caplog.text
    client.close()
    [file] = files_of(tmp_path / "spool")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    server.is_away = False
    assert make_client().flush(5)
    assert (server.status_of(run.id), len(server.steps)) == ("COMPLETED", 1)
    assert files_of(tmp_path / "spool") == []


def test_tenantry_that_comes_back_while_the_end_waits_hears_of_it_soon(
    server: FakeTenantry, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_backoff, "FIRST_SECONDS", 30.0)
    monkeypatch.setattr(_backoff, "LONGEST_SECONDS", 30.0)
    client = make_client(flush_timeout=10)
    with client.run("daily") as run:
        server.is_away = True
        threading.Timer(1.0, setattr, (server, "is_away", False)).start()
        left_at = time.monotonic()
    assert server.status_of(run.id) == "COMPLETED"
    assert time.monotonic() - left_at < 5


def test_a_new_client_sends_what_was_left_without_being_told(
    server: FakeTenantry, make_client: MakeClient, tmp_path: Path
) -> None:
    first = make_client(flush_timeout=0)
    with first.run("daily") as run:
        server.is_away = True
    first.close()
    server.is_away = False
    make_client()
    until = time.monotonic() + 5
    while server.status_of(run.id) != "COMPLETED" and time.monotonic() < until:
        time.sleep(0.02)
    assert server.status_of(run.id) == "COMPLETED"


killed = """
import sys, httpx
from tenantry import Client, _backoff
def away(request):
    if request.url.path == "/v1/runs":
        return httpx.Response(201, json={"pipeline_logging_id": sys.argv[3], "pipeline_id": "daily"})
    raise httpx.ConnectError("away", request=request)
client = Client(sys.argv[1], "ty_live_test", spool_dir=sys.argv[2], transport=httpx.MockTransport(away))
run = client.run("daily").__enter__()
for number in range(3):
    with run.step(f"step_{number}"):
        run.check("t", config="c", passed=1)
run.step("unfinished").__enter__()
print("reported", flush=True)
__import__("time").sleep(60)
"""


def test_what_a_killed_process_had_reported_is_sent_and_its_run_is_left_to_the_lease(
    server: FakeTenantry, make_client: MakeClient, tmp_path: Path
) -> None:
    run_id = str(server._start({"pipeline_id": "daily"})["pipeline_logging_id"])
    folder = tmp_path / "spool"
    child = subprocess.Popen(
        [sys.executable, "-c", killed, URL, str(folder), run_id],
        stdout=subprocess.PIPE,
        text=True,
        env=child_environment,
    )
    assert child.stdout is not None and child.stdout.readline() == "reported\n"
    client = make_client()
    assert client.flush(5)
    assert not server.steps, "the file of a living process is its own"
    child.kill()
    child.wait()
    child.stdout.close()
    with files_of(folder)[0].open("ab") as file:
        file.write(b'{"step": {"half of a li')
    assert client.flush(5)
    statuses = sorted(step["status"] for step in server.steps.values())
    assert (statuses, len(server.checks)) == (["COMPLETED"] * 3 + ["RUNNING"], 3)
    assert server.status_of(run_id) == "RUNNING"
    assert files_of(folder) == []


def test_a_file_that_somebody_damaged_hinders_nobody(server: FakeTenantry, make_client: MakeClient, tmp_path: Path) -> None:
    first = make_client(flush_timeout=0)
    with first.run("daily") as run:
        server.is_away = True
        run.check("t", config="c", passed=1)
    first.close()
    folder = tmp_path / "spool"
    (folder / "noise.jsonl").write_bytes(os.urandom(3_000))
    (folder / "odd.jsonl").write_text('{"run": 5}\n[]\n')
    (folder / "empty.jsonl").write_text("")
    with files_of(folder)[0].open("ab") as file:
        file.write(b'\xff\xfe\n{"step": 5}\n{"check": {}}\n{"sent": -7}\n{"end"')
    server.is_away = False
    assert make_client().flush(5)
    assert server.status_of(run.id) == "COMPLETED"
    assert "t" in [check.get("target_table") for check in server.checks.values()]


def test_a_file_that_is_cut_under_a_living_process_costs_its_reports_only(
    server: FakeTenantry, client: Client, tmp_path: Path
) -> None:
    with client.run("daily") as run:
        server.is_away = True
        run.check("t", config="c", passed=1)
        os.truncate(files_of(tmp_path / "spool")[0], 0)
        server.is_away = False
        assert client.flush(5)
        with run.step("after"):
            pass
    assert [step["step_name"] for step in server.steps.values()] == ["after"]
    assert server.status_of(run.id) == "COMPLETED"


def test_files_of_another_address_are_left_alone(server: FakeTenantry, make_client: MakeClient, tmp_path: Path) -> None:
    other = Client("http://elsewhere.test", "k", spool_dir=tmp_path / "spool", transport=server.transport, flush_timeout=0)
    with other.run("daily"):
        server.is_away = True
    other.close()
    server.is_away = False
    assert make_client().flush(5)
    assert len(files_of(tmp_path / "spool")) == 1


def test_a_run_that_another_key_left_is_kept_where_ours_does_not_know_it(
    server: FakeTenantry, make_client: MakeClient, tmp_path: Path
) -> None:
    other = Client(URL, "ty_live_other", spool_dir=tmp_path / "spool", transport=server.transport, flush_timeout=0)
    with other.run("daily") as run:
        server.is_away = True
    other.close()
    server.is_away = False
    hidden = server.runs.pop(run.id)
    assert make_client().flush(5)
    assert len(files_of(tmp_path / "spool")) == 1
    server.runs[run.id] = hidden
    assert make_client().flush(5)
    assert (server.status_of(run.id), files_of(tmp_path / "spool")) == ("COMPLETED", [])


def test_a_customer_that_is_refused_holds_up_no_run_of_another(
    server: FakeTenantry, make_client: MakeClient, tmp_path: Path
) -> None:
    clients = {customer: make_client(customer_id=customer, flush_timeout=0) for customer in ("suspended", "good")}
    started = {customer: [client.run("daily") for _ in range(2)] for customer, client in clients.items()}
    server.is_away = True
    for customer, its_runs in started.items():
        for run in its_runs:
            with run:
                pass
        clients[customer].close()
    server.is_away = False
    runs = {customer: [run.id for run in its_runs] for customer, its_runs in started.items()}
    # Files are taken by name: the first is of the customer that is refused.
    for place, run_id in enumerate([runs["suspended"][0], *runs["good"], runs["suspended"][1]]):
        (tmp_path / "spool" / f"{run_id}.jsonl").rename(tmp_path / "spool" / f"{place}.jsonl")
    asked: list[Any] = []

    def refuse(call: str, body: dict[str, Any]) -> Optional[Answer]:
        if body.get("customer_id") != "suspended":
            return None
        asked.append(call)
        return problem(403, "customer_suspended")

    server.before = refuse
    client = make_client(customer_id="good")
    assert not client.flush(2), "something is left"
    assert [server.status_of(run_id) for run_id in runs["good"]] == ["COMPLETED", "COMPLETED"]
    assert len(files_of(tmp_path / "spool")) == 2
    assert asked and {server.status_of(run_id) for run_id in runs["suspended"]} == {"RUNNING"}
    server.before = lambda call, body: None
    assert client.flush(5)
    assert [server.status_of(run_id) for run_id in runs["suspended"]] == ["COMPLETED", "COMPLETED"]
    assert files_of(tmp_path / "spool") == []


def test_many_reports_go_in_batches_of_at_most_500_and_within_a_body(server: FakeTenantry, client: Client) -> None:
    with client.run("daily") as run:
        server.is_away = True
        for number in range(1_200):
            run.check("t", config="c", passed=number)
        for _ in range(8):
            with run.step("wide") as step:
                step.metadata = {"text": "ä" * 100_000}
        server.is_away = False
    assert (len(server.checks), len(server.steps)) == (1_200, 8)
    sizes = [len(body.get("dq_results", [])) for call, body in server.calls if call == "dq-results"]
    assert max(sizes) <= 500
    assert all(len(str(body).encode()) < 1_048_576 for _, body in server.calls)


def test_a_refused_item_is_dropped_with_one_warning_and_no_other_is_lost(
    server: FakeTenantry, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse_first(call: str, body: dict[str, Any]) -> Optional[Answer]:
        if call != "dq-results" or len(body["dq_results"]) < 3:
            return None
        _, answer = server._store(server.checks, body["dq_results"][1:], "dq_result_id", "r")
        items = [{**item, "index": item["index"] + 1} for item in answer["items"]]
        wrong = {"index": 0, "status": 400, "code": "invalid_input", "message": "executed_at: too old."}
        return 200, {"stored": 2, "failed": 1, "items": [wrong, *items]}

    server.before = refuse_first
    with client.run("daily") as run:
        server.is_away = True
        for number in range(3):
            run.check(f"t{number}", config="c", passed=1)
        server.is_away = False
    assert (sorted(check["target_table"] for check in server.checks.values())) == ["t1", "t2"]
    warnings = [record.getMessage() for record in caplog.records if "is not stored" in record.getMessage()]
    assert warnings == [f"Run {run.id}: dq_results[0] (t0) is not stored (invalid_input): executed_at: too old."]


def test_a_refused_batch_is_halved_until_the_one_is_found(
    server: FakeTenantry, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(call: str, body: dict[str, Any]) -> Optional[Answer]:
        bad = any(check["target_table"] == "t5" for check in body.get("dq_results", []))
        return problem(413, "body_too_large") if bad else None

    server.before = refuse
    with client.run("daily") as run:
        server.is_away = True
        for number in range(9):
            run.check(f"t{number}", config="c", passed=1)
        server.is_away = False
    assert len(server.checks) == 8
    assert (server.status_of(run.id), caplog.text.count("body_too_large")) == ("COMPLETED", 1)


@pytest.mark.parametrize(
    "answer", [problem(408, "x"), problem(429, "rate_limited"), problem(500, "internal"), problem(401, "invalid_key")]
)
def test_reports_are_sent_again_after_what_passes(
    server: FakeTenantry, client: Client, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    monkeypatch.setattr("tenantry._deliver._REFUSED_KEY_SECONDS", 0.02)
    left = [2]

    def refuse(call: str, body: dict[str, Any]) -> Optional[Answer]:
        if call != "steps" or left[0] == 0:
            return None
        left[0] -= 1
        return answer

    server.before = refuse
    with client.run("daily") as run:
        with run.step("load"):
            pass
    assert (server.status_of(run.id), [step["status"] for step in server.steps.values()]) == (
        "COMPLETED",
        ["COMPLETED"],
    )


def test_retry_after_is_honoured(server: FakeTenantry, client: Client) -> None:
    times: list[float] = []

    def refuse(call: str, body: dict[str, Any]) -> Optional[Answer]:
        if call != "steps":
            return None
        times.append(time.monotonic())
        return problem(503, "slow_down") if len(times) == 1 else None

    server.before = refuse
    server.answer_headers = {"retry-after": "1"}
    with client.run("daily") as run:
        with run.step("load"):
            pass
    assert times[1] - times[0] >= 1
    assert server.status_of(run.id) == "COMPLETED"


def test_without_a_disk_reports_wait_in_memory_and_the_oldest_go_first(
    server: FakeTenantry, make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    with make_client(spool_dir=False, max_in_memory=5).run("daily") as run:
        server.is_away = True
        for number in range(9):
            run.check(f"t{number}", config="c", passed=1)
        server.is_away = False
    assert server.status_of(run.id) == "COMPLETED"
    assert sorted(check["target_table"] for check in server.checks.values()) == ["t5", "t6", "t7", "t8"]
    assert caplog.text.count("the oldest are dropped") == 1


def test_a_disk_that_fills_up_in_mid_run_loses_nothing_while_the_process_lives(
    server: FakeTenantry, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write = os.write

    def full(fd: int, data: bytes) -> int:
        if b"t3" in data:
            write(fd, data[:10])
            raise OSError(28, "No space left on device")
        return write(fd, data)

    with client.run("daily") as run:
        server.is_away = True
        monkeypatch.setattr(os, "write", full)
        for number in range(6):
            run.check(f"t{number}", config="c", passed=1)
        server.is_away = False
    assert sorted(check["target_table"] for check in server.checks.values()) == [f"t{number}" for number in range(6)]
    assert (server.status_of(run.id), caplog.text.count("in memory only")) == ("COMPLETED", 1)


def test_a_folder_that_cannot_be_made_is_told_and_breaks_nothing(
    server: FakeTenantry, make_client: MakeClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    with make_client(spool_dir=tmp_path / "file" / "spool").run("daily") as run:
        pass
    assert server.status_of(run.id) == "COMPLETED"
    assert "kept in memory only" in caplog.text

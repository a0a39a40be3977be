"""The client in a process that forks, ends, or uses what is odd."""

from __future__ import annotations

import ast
import math
import os
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeClient, child_environment
from fake_tenantry import FakeTenantry

import tenantry
from tenantry import Client
from tenantry._http import _seconds
from tenantry._values import error_text, json_object, text

sources = sorted(Path(tenantry.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", sources, ids=lambda path: path.name)
def test_every_module_is_python_3_9_documented_and_short(path: Path) -> None:
    code = path.read_text()
    tree = ast.parse(code, feature_version=(3, 9))
    assert ast.get_docstring(tree)
    public = [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_") and node.col_offset <= 4
    ]
    assert [node.name for node in public if not ast.get_docstring(node) and node.name not in ("of", "is_empty")] == []
    assert len(code.splitlines()) < 300


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_client_from_before_a_fork_reports_nothing_twice_and_says_so(server: FakeTenantry, client: Client) -> None:
    with client.run("daily") as run:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                with run.step("in the child"):
                    pass
                client.run("daily")
            except RuntimeError as error:
                code = 0 if "before a fork" in str(error) else 2
            os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        with run.step("in the parent"):
            pass
    assert [step["step_name"] for step in server.steps.values()] == ["in the parent"]
    assert server.status_of(run.id) == "COMPLETED"


ending = """
import httpx
from tenantry import Client
def answer(request):
    if request.url.path == "/v1/runs":
        return httpx.Response(201, json={"pipeline_logging_id": "%s", "pipeline_id": "daily"})
    if request.url.path.endswith("/steps"):
        print("steps arrived", flush=True)
        return httpx.Response(200, json={"items": [{"status": 200}]})
    return httpx.Response(200, json={})
client = Client("http://tenantry.test", "k", spool_dir=False, transport=httpx.MockTransport(answer))
run = client.run("daily")
run.step("last").__enter__()
"""


def test_a_process_that_ends_sends_what_waits_first() -> None:
    script = ending % "9c2f6f5e-4d7a-4b53-9d0a-3a1f0c6f7a10"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, env=child_environment, check=False)
    assert (done.stdout, done.stderr) == ("steps arrived\n", "")


def test_a_closed_client_starts_nothing(client: Client) -> None:
    client.close()
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.run("daily")


class Broken:
    """An object that cannot even say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__


def test_what_cannot_be_reported_is_left_out_and_breaks_nothing(
    server: FakeTenantry, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    circle: list[Any] = []
    circle.append(circle)
    odd: list[Any] = [Broken(), "text", {1: 2}, {"a": circle}, {"a": "x" * 300_000}, math.nan]
    with client.run("daily") as run:
        for number, value in enumerate(odd):
            with run.step("s" * 500) as step:
                step.rows = value
                step.metadata = value
            run.check(value, config="c", passed=value, failed=0, failed_expectations=[number, value])
    assert server.status_of(run.id) == "COMPLETED"
    assert (len(server.steps), len(server.checks)) == (len(odd), len(odd))
    assert {len(step["step_name"]) for step in server.steps.values()} == {200}
    assert "metadata of step" in caplog.text


numbers = """
import http
from decimal import Decimal
from tenantry._values import count, json_list, json_object
kept = json_object({"status": http.HTTPStatus.OK, "flag": True, "beyond": type("Big", (int,), {})(2**70)}, "m")
assert kept == {"status": 200, "flag": True, "beyond": str(2**70)} and type(kept["status"]) is int
assert json_list([http.HTTPStatus.OK], "f") == [200]
assert count(http.HTTPStatus.OK, "rows") == 200
assert count(Decimal("1E+999999999"), "rows") is None
print("done")
"""


def test_enums_and_enormous_numbers_hold_no_pipeline_up() -> None:
    # In a process of its own, as what counts up to 2**63 in C lets no other thread end the test.
    command = [sys.executable, "-c", numbers]
    ended = subprocess.run(command, capture_output=True, text=True, env=child_environment, timeout=20)
    assert ended.stdout == "done\n", ended.stderr


def test_json_is_as_stores_keep_it() -> None:
    when = Decimal("1.50")
    value = {"nan": math.inf, "big": 2**70, "money": when, "tuple": (1, True), 5: None, "half": "a\ud83db\0"}
    assert json_object(value, "m") == {
        "nan": None, "big": str(2**70), "money": "1.50", "tuple": [1, True], "5": None, "half": "a\ufffdb\ufffd",
    }  # fmt: skip


def test_texts_are_cut_by_the_units_that_tenantry_counts() -> None:
    assert text("😀" * 100, 5) == "😀😀"
    assert text("", 5) == "unnamed"
    assert text("a\ud83d", 5) == "a\ufffd"


def test_errors_are_told_as_python_prints_them() -> None:
    class Own(Exception):
        pass

    assert error_text(KeyError("a")) == "KeyError: 'a'"
    assert error_text(ValueError()) == "ValueError"
    assert error_text(Own("x")) == f"{__name__}.test_errors_are_told_as_python_prints_them.<locals>.Own: x"
    assert len(error_text(ValueError("x" * 20_000))) == 10_000


def test_retry_after_is_seconds_or_a_date() -> None:
    assert _seconds("12") == 12
    assert _seconds("Sat, 31 Jan 2015 22:00:00 GMT") == 0
    assert (_seconds("soon"), _seconds(None)) == (None, None)


def test_reporting_costs_the_pipeline_little(server: FakeTenantry, make_client: MakeClient) -> None:
    with make_client().run("daily") as run:
        began = time.perf_counter()
        for _ in range(1_000):
            run.check("p.d.t", config="suite", passed=1)
        seconds = time.perf_counter() - began
    print(f"{seconds:.3f} ms a report")
    assert seconds < 5

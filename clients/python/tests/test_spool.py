"""The files and the folder in which reports wait: how large they become, and who may write there."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from conftest import MakeClient, files_of
from fake_tenantry import FakeTenantry

from tenantry import _journal
from tenantry._journal import Journal
from tenantry._spool_file import SpoolFile


def test_a_file_lets_go_of_what_was_sent_and_loses_nothing(
    server: FakeTenantry, make_client: MakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_journal, "_MOST_SENT_BYTES", 10_000)
    client = make_client(flush_timeout=0)
    with client.run("daily") as run:
        [file] = files_of(tmp_path / "spool")
        with run.step("load") as step:
            step.metadata = {"text": "x" * 3_000}
            for number in range(12):
                step.rows = number
                step.report()
                assert client.flush(5)
                assert file.stat().st_size < 15_000
        server.is_away = True
        run.check("t", config="c", passed=1)
    client.close()
    server.is_away = False
    assert make_client().flush(5)
    assert (server.steps[step.id]["rows_processed"], len(server.checks)) == (11, 1)
    assert (server.status_of(run.id), files_of(tmp_path / "spool")) == ("COMPLETED", [])


@pytest.mark.skipif(sys.platform == "win32", reason="there no open file is replaced")
def test_a_file_in_which_something_always_waits_lets_go_of_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_journal, "_MOST_SENT_BYTES", 2_000)
    monkeypatch.setattr(_journal, "MAX_ITEMS", 3)
    path = tmp_path / "run.jsonl"
    file = SpoolFile.create(path, {"run": "r"})
    journal = Journal("r", file, 10)
    settled: list[int] = []
    for number in range(300):
        journal.append({"check": {"number": number, "text": "x" * 100}})
        if number % 3 == 2 and number > 5:
            batch = journal.read()
            journal.settle(batch)
            settled += [record["check"]["number"] for record in batch.records]
            # What another process would find if this one died here.
            copy = SpoolFile.take_over(Path(shutil.copy(path, tmp_path / "copy")))
            assert copy is not None
            assert Journal.left_behind("r", copy, None).waiting == journal.waiting
            copy.delete()
        assert path.stat().st_size < 6_000
    assert [each.name for each in tmp_path.iterdir()] == ["run.jsonl"]
    assert SpoolFile.take_over(path) is None, "the file that took its place is locked too"
    waiting = journal.waiting
    journal.close()
    left = SpoolFile.take_over(path)
    assert left is not None
    recovered = Journal.left_behind("r", left, None)
    assert recovered.waiting == waiting > 0
    while recovered.waiting:
        batch = recovered.read()
        recovered.settle(batch)
        settled += [record["check"]["number"] for record in batch.records]
    recovered.close()
    assert settled == list(range(300))


def test_a_file_that_cannot_be_made_smaller_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_journal, "_MOST_SENT_BYTES", 100)
    monkeypatch.setattr(_journal, "MAX_ITEMS", 9)

    def refuse(*args: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "run.jsonl"
    journal = Journal("r", SpoolFile.create(path, {"run": "r"}), 10)
    monkeypatch.setattr(os, "rename", refuse)
    for number in range(10):
        journal.append({"check": {"number": number, "text": "x" * 100}})
    journal.settle(journal.read())
    assert (journal.waiting, [each.name for each in tmp_path.iterdir()]) == (1, ["run.jsonl"])
    journal.close()
    left = SpoolFile.take_over(path)
    assert left is not None
    recovered = Journal.left_behind("r", left, None)
    assert [record["check"]["number"] for record in recovered.read().records] == [9]
    recovered.close()


def test_a_full_file_takes_no_progress_then_only_the_end_with_one_warning(
    server: FakeTenantry,
    make_client: MakeClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(_journal, "_MAX_FILE_BYTES", 80_000)
    client = make_client(flush_timeout=0)
    with client.run("daily") as run:
        server.is_away = True
        [file] = files_of(tmp_path / "spool")
        with run.step("load") as step:
            step.metadata = {"text": "x" * 1_000}
            for _ in range(100):
                step.report()
            assert 70_000 <= file.stat().st_size < 72_000
        for number in range(100):
            run.check("t", config="c", passed=number)
        assert 80_000 <= file.stat().st_size < 82_000
    client.close()
    server.is_away = False
    assert make_client().flush(5)
    assert (server.steps[step.id]["status"], server.status_of(run.id)) == ("COMPLETED", "COMPLETED")
    assert 20 < len(server.checks) < 100
    assert caplog.text.count("is dropped") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there folders have no such mode")
@pytest.mark.parametrize("why", ["the group may write", "all may write", "it is another user's"])
def test_a_folder_that_others_may_write_to_is_not_used(
    server: FakeTenantry,
    make_client: MakeClient,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    why: str,
) -> None:
    folder = tmp_path / "spool"
    folder.mkdir(mode=0o700)
    if why == "it is another user's":
        monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    else:
        folder.chmod(0o770 if why == "the group may write" else 0o1777)
    with make_client().run("daily") as run:
        run.check("t", config="c", passed=1)
        assert files_of(folder) == []
    assert (server.status_of(run.id), len(server.checks)) == ("COMPLETED", 1)
    assert caplog.text.count("kept in memory only") == 1


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="this system follows every link")
def test_a_link_in_the_folder_is_not_followed(server: FakeTenantry, make_client: MakeClient, tmp_path: Path) -> None:
    first = make_client(flush_timeout=0)
    with first.run("daily") as run:
        server.is_away = True
    first.close()
    [file] = files_of(tmp_path / "spool")
    elsewhere = file.rename(tmp_path / "elsewhere")
    file.symlink_to(elsewhere)
    server.is_away = False
    assert make_client().flush(5)
    assert (server.status_of(run.id), elsewhere.exists()) == ("RUNNING", True)

"""The files and the folder in which reports wait: who may write there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from conftest import MakeClient, files_of
from fake_tenantry import FakeTenantry


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

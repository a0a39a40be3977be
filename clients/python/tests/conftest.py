"""What every test begins with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
from fake_tenantry import URL, FakeTenantry

import tenantry
from tenantry import Client, _backoff

child_environment = {**os.environ, "PYTHONPATH": str(Path(tenantry.__file__).parent.parent)}
"""For processes that import the package that is tested here."""

MakeClient = Callable[..., Client]


def files_of(folder: Path) -> list[Path]:
    """The files of a spool."""
    return sorted(folder.glob("*.jsonl"))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> FakeTenantry:
    """A data plane; retries come fast in tests."""
    monkeypatch.setattr(_backoff, "FIRST_SECONDS", 0.02)
    monkeypatch.setattr(_backoff, "LONGEST_SECONDS", 0.1)
    return FakeTenantry()


@pytest.fixture
def make_client(server: FakeTenantry, tmp_path: Path) -> Iterator[MakeClient]:
    """Makes clients of that data plane with one spool; they are closed at the end."""
    made: list[Client] = []

    def make(**options: Any) -> Client:
        defaults: dict[str, Any] = {"spool_dir": tmp_path / "spool", "flush_timeout": 10.0, "reserve_timeout": 10.0}
        made.append(Client(URL, "ty_live_test", transport=server.transport, **{**defaults, **options}))
        return made[-1]

    yield make
    server.is_away = False
    for client in made:
        client.close(timeout=0)


@pytest.fixture
def client(make_client: MakeClient) -> Client:
    """A client with the usual settings of these tests."""
    return make_client()

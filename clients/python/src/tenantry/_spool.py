"""The folder in which reports wait on disk: a file a run, which the next client sends where its process died."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

from tenantry._journal import Journal
from tenantry._spool_file import SpoolFile
from tenantry._values import instant, log, now

_ENDING = ".jsonl"
# Reports are taken until 24 hours after a run's end; this leaves room for long runs.
_KEPT_SECONDS = 7 * 86_400


def default_folder() -> Path:
    """TENANTRY_SPOOL_DIR, else a folder in the user's cache."""
    named = os.environ.get("TENANTRY_SPOOL_DIR")
    if named:
        return Path(named)
    if sys.platform == "win32":
        cache = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        cache = Path.home() / "Library" / "Caches"
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "tenantry" / "spool"


def _refuse_shared(folder: Path) -> None:
    """Raises OSError where somebody else could put reports in the folder, which we would send with our key."""
    if sys.platform == "win32":
        return
    about = folder.stat()
    if about.st_uid != os.geteuid():
        raise OSError(f"{folder} belongs to another user; name a folder of this user's own")
    if about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise OSError(f"other users may write to {folder}; take that from them (chmod go-w), or name a folder inside it")


class LeftBehind:
    """A journal whose process is gone, and whether it was written with the key that we have."""

    def __init__(self, journal: Journal, same_key: bool) -> None:
        self.journal = journal
        self.same_key = same_key


class Spool:
    """The files of one folder that belong to one address of Tenantry."""

    def __init__(self, folder: Path, url: str, api_key: str, customer_id: Optional[str]) -> None:
        """Makes the folder, for its owner alone. Raises OSError where it cannot be written to, or others may."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_shared(folder)
        if not os.access(folder, os.W_OK):
            raise OSError(f"{folder} cannot be written to")
        self.folder = folder
        self._url = url
        self._key = hashlib.sha256(api_key.encode()).hexdigest()[:16]
        self._customer_id = customer_id

    def create(self, run_id: str) -> Optional[SpoolFile]:
        """The file of a run that starts; None with a warning where it cannot be made."""
        header = {
            "run": run_id,
            "url": self._url,
            "key": self._key,
            "customer_id": self._customer_id,
            "at": instant(now()),
        }
        try:
            return SpoolFile.create(self.folder / f"{run_id}{_ENDING}", header)
        except OSError as error:
            log.warning("Reports of run %s are kept in memory only: %s", run_id, error)
            return None

    def left_behind(self) -> Iterator[LeftBehind]:
        """Journals of processes that are gone, one after another; whoever takes one closes or deletes it."""
        with contextlib.suppress(OSError):
            for path in sorted(self.folder.iterdir()):
                if path.name.startswith(".") and path.name.endswith(_ENDING):
                    self._sweep(path)
                elif path.name.endswith(_ENDING):
                    found = self._take(path)
                    if found is not None:
                        yield found

    def _take(self, path: Path) -> Optional[LeftBehind]:
        file = SpoolFile.take_over(path)
        if file is None:
            return None
        try:
            header: dict[str, Any] = next((line for line, _ in file.lines(0)), {})
            run_id = str(uuid.UUID(str(header.get("run"))))
            age = time.time() - path.stat().st_mtime
        except (OSError, ValueError):
            file.close()
            return None
        if header.get("url") != self._url:
            file.close()
            return None
        if age > _KEPT_SECONDS:
            log.warning("Reports of run %s are %d days old and no longer taken: they are dropped.", run_id, age // 86_400)
            file.delete()
            return None
        customer_id = header.get("customer_id")
        journal = Journal.left_behind(run_id, file, customer_id if isinstance(customer_id, str) else None)
        return LeftBehind(journal, header.get("key") == self._key)

    @staticmethod
    def _sweep(path: Path) -> None:
        """Removes what a process left that died while it made a file; nothing had been reported by then."""
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > 3_600:
                path.unlink()

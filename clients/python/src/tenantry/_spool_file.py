"""One file of the spool: lines that are appended, locked by the process that writes it for as long as it lives."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

if sys.platform == "win32":
    import msvcrt

    _LOCKED_AT = 0x7FFF0000

    def _lock(fd: int) -> bool:
        os.lseek(fd, _LOCKED_AT, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


_ON_WINDOWS = os.name == "nt"
_CHUNK_BYTES = 1_048_576
# A link that somebody put in the folder is not followed.
_FLAGS = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
Line = dict[str, Any]


def _encoded(line: Line) -> bytes:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _hidden(path: Path) -> Path:
    """A name that nobody looks for, so that nobody takes a file that is being made for one that was left behind."""
    return path.with_name(f".{path.name}")


def _open_new(path: Path) -> int:
    """Makes a file, readable by its owner alone, and locks it. Raises OSError where that cannot be had."""
    fd = os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
    if not _lock(fd):
        os.close(fd)
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise OSError(f"{path} cannot be locked")
    return fd


class SpoolFile:
    """An open, locked file. What was appended survives the death of this process, though not that of the machine."""

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self._fd: Optional[int] = fd
        self._header: Optional[Line] = None

    @classmethod
    def create(cls, path: Path, header: Line) -> SpoolFile:
        """Makes the file, readable by its owner alone. Raises OSError where that, or the lock, cannot be had."""
        # Windows renames no open file; there a client that looks at that very moment makes this one keep its reports in memory.
        fd = _open_new(path if _ON_WINDOWS else _hidden(path))
        file = cls(path, fd)
        file._header = header
        try:
            file.append(header)
            if not _ON_WINDOWS:
                os.rename(_hidden(path), path)
        except OSError:
            file.close()
            with contextlib.suppress(OSError):
                os.unlink(path if _ON_WINDOWS else _hidden(path))
            raise
        return file

    @classmethod
    def take_over(cls, path: Path) -> Optional[SpoolFile]:
        """Opens a file that was left behind; None where its process lives or somebody else was first."""
        try:
            fd = os.open(path, _FLAGS)
        except OSError:
            return None
        file = cls(path, fd)
        if _lock(fd) and os.fstat(fd).st_nlink > 0:
            return file
        file.close()
        return None

    def append(self, line: Line) -> None:
        """Adds a line. Raises OSError where it could not be written whole."""
        self._write(_encoded(line))

    def _write(self, data: bytes) -> None:
        while data:
            written = os.write(self._open_fd(), data)
            data = data[written:]

    @property
    def size(self) -> int:
        """Bytes of the file. Raises OSError where it cannot be asked."""
        return os.fstat(self._open_fd()).st_size

    def clear(self) -> int:
        """Lets go of all lines but the header; answers the byte after it. Raises OSError where the file stays as it is."""
        if self._header is None:
            raise OSError(f"{self.path} was begun by another process")
        start = len(_encoded(self._header))
        os.ftruncate(self._open_fd(), start)
        return start

    def forget(self, offset: int) -> int:
        """Lets go of the lines before that byte, but the header; answers the byte where the others begin now.

        Wherever the process dies, the file is the one from before or the one from after. Raises OSError where it stays as
        it is.
        """
        if _ON_WINDOWS or self._header is None:
            raise OSError(f"{self.path} cannot be replaced: it is open, or was begun by another process")
        start = len(_encoded(self._header))
        hidden = _hidden(self.path)
        fresh = SpoolFile(self.path, _open_new(hidden))
        try:
            fresh.append(self._header)
            fresh._copy(self, offset)
            # The last such line counts, and those that were copied are of the old file.
            fresh.append({"sent": start})
            os.rename(hidden, self.path)
        except BaseException:
            fresh.close()
            with contextlib.suppress(OSError):
                os.unlink(hidden)
            raise
        old, self._fd = self._open_fd(), fresh._fd
        os.close(old)
        return start

    def _copy(self, other: SpoolFile, offset: int) -> None:
        source = other._open_fd()
        os.lseek(source, offset, os.SEEK_SET)
        while data := os.read(source, _CHUNK_BYTES):
            self._write(data)

    def lines(self, offset: int) -> Iterator[tuple[Line, int]]:
        """Whole lines from that byte on, each with the byte after it; what is no JSON object is passed over."""
        while True:
            fd = self._open_fd()
            os.lseek(fd, offset, os.SEEK_SET)
            whole, newline, _ = os.read(fd, _CHUNK_BYTES).rpartition(b"\n")
            if not newline:
                return
            for data in whole.split(b"\n"):
                offset += len(data) + 1
                with contextlib.suppress(ValueError):
                    line = json.loads(data)
                    if isinstance(line, dict):
                        yield line, offset

    def close(self) -> None:
        """Closes the file, which frees its lock; the next client sends what is in it."""
        fd, self._fd = self._fd, None
        if fd is not None:
            with contextlib.suppress(OSError):
                os.close(fd)

    def delete(self) -> None:
        """Removes the file: all of it has been sent."""
        if _ON_WINDOWS:
            # It removes no open file; elsewhere the lock is held until nobody can find it any more.
            self.close()
        with contextlib.suppress(OSError):
            os.unlink(self.path)
        self.close()

    def _open_fd(self) -> int:
        if self._fd is None:
            raise OSError(f"{self.path} is closed")
        return self._fd

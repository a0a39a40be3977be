"""Values as Tenantry can keep them. What cannot be kept is cut or left out with a warning, never raised."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any, Optional

log = logging.getLogger("tenantry")

MAX_JSON_BYTES = 262_144
MAX_JSON_DEPTH = 90
MAX_ERROR_LENGTH = 10_000
MAX_COUNT = 2_147_483_647
MAX_BIG_COUNT = 2**53 - 1


def now() -> datetime:
    """This instant in UTC."""
    return datetime.now(timezone.utc)


def later(start: datetime, seconds: float) -> datetime:
    """The instant that many seconds after another."""
    return start + timedelta(seconds=max(0.0, seconds))


def instant(at: datetime) -> str:
    """An instant as reports write it; one without a zone is taken as local time, as Python does."""
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds")


def http_date(value: Optional[str]) -> datetime:
    """The instant of an HTTP Date header; now where there is none."""
    try:
        return parsedate_to_datetime(value or "").astimezone(timezone.utc)
    except (TypeError, ValueError, IndexError):
        return now()


def storable(value: str) -> str:
    """The text as stores keep it: NUL and half characters become U+FFFD."""
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "\ufffd")


def text(value: object, limit: int, otherwise: str = "unnamed") -> str:
    """The start of a text, at most ``limit`` UTF-16 units, as stores keep it; ``otherwise`` where it is empty."""
    try:
        start = storable(str(value)[:limit])
    except Exception:  # A broken __str__ must not break the pipeline.
        start = f"<{type(value).__name__}>"
    return start.encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore") or otherwise


def count(value: object, what: str, limit: int = MAX_COUNT) -> Optional[int]:
    """A whole number from 0, also numpy's; None with a warning where it is none."""
    if value is None:
        return None
    try:
        # Compared first: a Decimal of 1E+999999999 would take minutes to become an int.
        if 0 <= value <= limit:  # type: ignore[operator]
            number = int(value)  # type: ignore[call-overload]
            if number == value:
                return int(number)
    except Exception:  # Whatever the object does, the pipeline goes on.
        pass
    log.warning("%s is left out of the report: it is no whole number from 0 to %d.", what, limit)
    return None


class _Json:
    """Turns a value into JSON that can be kept: NaN becomes None; numbers beyond 64 bits and other objects their text."""

    def __init__(self) -> None:
        # No more fit 256 KiB; also the end of values that contain themselves.
        self._left = MAX_JSON_BYTES

    def of(self, value: object, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0:
            raise ValueError("it has more values than 256 KiB hold")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return storable(value)
        if isinstance(value, int):
            # Compared as a plain int: a range asks a subclass, such as an IntEnum, for each of its numbers.
            number = int(value)
            return number if -(2**63) <= number < 2**63 else str(number)
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else None
        if isinstance(value, datetime):
            return value.isoformat()
        return self._of_container(value, depth)

    def _of_container(self, value: object, depth: int) -> Any:
        if depth >= MAX_JSON_DEPTH:
            raise ValueError(f"it is nested deeper than {MAX_JSON_DEPTH} levels")
        if isinstance(value, Mapping):
            return {text(name, 1_000, ""): self.of(item, depth + 1) for name, item in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.of(item, depth + 1) for item in value]
        if hasattr(value, "dtype") and hasattr(value, "tolist"):
            return self.of(value.tolist(), depth + 1)
        return text(value, MAX_ERROR_LENGTH, "")


def storable_json(value: object) -> Any:
    """The value as JSON that can be kept. Raises ValueError where it is too large or too deep."""
    return _Json().of(value)


def size_of(value: object) -> int:
    """Bytes of a JSON value as it is sent."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def json_object(value: object, what: str) -> Optional[dict[str, Any]]:
    """A JSON object of at most 256 KiB; None with a warning where it is none or larger."""
    if value is None:
        return None
    try:
        if not isinstance(value, Mapping):
            raise TypeError("it is no mapping")
        kept: dict[str, Any] = _Json().of(value)
        size = size_of(kept)
        if size > MAX_JSON_BYTES:
            raise ValueError(f"it has {size} bytes, and at most {MAX_JSON_BYTES} are kept")
        return kept
    except Exception as error:  # Whatever the object does, the pipeline goes on.
        log.warning("%s is left out of the report: %s.", what, error)
        return None


def json_list(value: Optional[Iterable[object]], what: str) -> Optional[list[Any]]:
    """A JSON list of at most 256 KiB; entries beyond that are left out with a warning."""
    if value is None:
        return None
    kept: list[Any] = []
    used = 2
    try:
        for entry in value:
            item = _Json().of(entry, 1)
            used += size_of(item) + 1
            if used > MAX_JSON_BYTES:
                raise ValueError("at most 256 KiB are kept")
            kept.append(item)
    except Exception as error:  # Whatever the object does, the pipeline goes on.
        log.warning("%s: only the first %d entries are reported: %s.", what, len(kept), error)
    return kept


def error_text(error: BaseException) -> str:
    """The last line of the traceback as Python prints it, as ``ValueError: boom``; of a long one the first 10,000 signs."""
    kind = type(error)
    plain = kind.__module__ in ("builtins", "__main__")
    name = kind.__qualname__ if plain else f"{kind.__module__}.{kind.__qualname__}"
    message = text(error, MAX_ERROR_LENGTH, "")
    return text(f"{name}: {message}" if message else name, MAX_ERROR_LENGTH)

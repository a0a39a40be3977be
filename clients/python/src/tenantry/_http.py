"""One call of the data plane: an answer, or why there is none. Whether to try again is decided by who called."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Optional
from urllib.parse import urlsplit

import httpx

from tenantry._values import now
from tenantry._version import __version__
from tenantry.errors import error_of

USER_AGENT = f"tenantry-python/{__version__} python/{platform.python_version()}"
_RETRIED = frozenset({408, 425, 500, 502, 503, 504})


class Unreachable(Exception):
    """There was no answer, or none of Tenantry's; trying again may help, after ``retry_after`` seconds where it is said."""

    def __init__(self, message: str, retry_after: Optional[float] = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Answer:
    """A successful answer: its status, headers and JSON body."""

    def __init__(self, status: int, headers: Mapping[str, str], body: Mapping[str, Any]) -> None:
        self.status = status
        self.headers = headers
        self.body = body


class Http:
    """The connection of a client: one address, one key, a pool of connections that threads share."""

    def __init__(self, url: str, api_key: str, timeout: float, transport: Optional[httpx.BaseTransport]) -> None:
        self.url = _checked_url(url)
        self._timeout = timeout
        headers = {"Authorization": f"Bearer {_checked_key(api_key)}", "User-Agent": USER_AGENT}
        self._client = httpx.Client(base_url=self.url, headers=headers, transport=transport)

    def post(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        headers: Optional[Mapping[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> Answer:
        """Sends one call. Raises Unreachable where trying again may help, else the TenantryError of the refusal."""
        content = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        try:
            response = self._client.post(path, content=content, headers=sent, timeout=timeout or self._timeout)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, RuntimeError) as error:
            # RuntimeError is what a closed connection pool raises.
            raise Unreachable(f"{self.url} cannot be reached: {error or type(error).__name__}") from error
        return _read(response)

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()


def _read(response: httpx.Response) -> Answer:
    try:
        body = response.json() if response.content else {}
    except ValueError:
        body = None
    retry_after = _seconds(response.headers.get("retry-after"))
    status = response.status_code
    if response.is_success and isinstance(body, dict):
        return Answer(status, response.headers, body)
    problem = body if isinstance(body, dict) else {}
    if status in _RETRIED or (status == 429 and problem.get("code") in ("rate_limited", None)):
        raise Unreachable(f"Tenantry answered {status}: {problem.get('detail', 'no reason was given')}", retry_after)
    if response.is_success or response.is_redirect or "code" not in problem:
        raise Unreachable(f"{response.url} answered {status}, and not as Tenantry does. Is its address right?")
    raise error_of(status, problem, retry_after, response.headers.get("date"))


def _seconds(header: Optional[str]) -> Optional[float]:
    """A Retry-After header in seconds, at least 0; None where it says nothing."""
    if not header:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(header) - now()).total_seconds())
    except (TypeError, ValueError, IndexError):
        return None


def _checked_url(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"The address of Tenantry is no URL: {url!r}. Give url=, or set TENANTRY_URL.")
    return url.strip().rstrip("/")


def _checked_key(api_key: str) -> str:
    key = api_key.strip()
    if not key:
        raise ValueError("There is no API key. Give api_key=, or set TENANTRY_API_KEY.")
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise ValueError("The API key has signs that no key has.")
    return key

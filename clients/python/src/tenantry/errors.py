"""What Tenantry may refuse, as exceptions. Only reserving a run raises them; reports never do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Optional

from tenantry._values import http_date


class TenantryError(Exception):
    """Anything that Tenantry refuses.

    ``code`` is the stable name of the problem, ``status`` the HTTP status (0 where there was no answer), ``request_id``
    what to name when you write to the operator, ``errors`` the wrong fields, and ``problem`` the whole problem document.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "",
        status: int = 0,
        problem: Optional[Mapping[str, Any]] = None,
        retry_after: Optional[float] = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.problem: Mapping[str, Any] = problem or {}
        self.request_id: str = str(self.problem.get("request_id", ""))
        self.errors: list[Mapping[str, Any]] = [e for e in self.problem.get("errors") or [] if isinstance(e, dict)]
        self.retry_after = retry_after
        """Seconds after which asking again may help; None where Tenantry did not say."""


class AuthenticationError(TenantryError):
    """The API key is missing, unknown, expired or revoked (401)."""


class PermissionDenied(TenantryError):
    """The key may not do this: a scope is missing, the subscription is not active, the customer is suspended (403)."""


class InvalidRequest(TenantryError):
    """Something of the call is wrong (400, 404, 409, 413, 422); ``errors`` names the fields."""


class Unavailable(TenantryError):
    """Tenantry could not be reached, or was not able to answer, for as long as ``reserve_timeout`` allowed."""


class QuotaExceeded(TenantryError):
    """A limit of the plan is used up.

    ``limit`` names it: ``daily_runs``, ``monthly_runs`` or ``monthly_api_calls``. ``resets_at`` is when it starts anew,
    an aware datetime in UTC; ``retry_after`` are the seconds until then, as Tenantry said them.
    """

    def __init__(self, message: str, *, limit: str, resets_at: Optional[datetime], **about: Any) -> None:
        super().__init__(message, **about)
        self.limit = limit
        self.resets_at = resets_at


class ConcurrencyExceeded(TenantryError):
    """As many runs as the plan allows run now; ``retry_after`` says in how many seconds to ask again."""

    def __init__(self, message: str, *, running: Optional[int], limit: Optional[int], **about: Any) -> None:
        super().__init__(message, **about)
        self.running = running
        self.limit = limit


class RunCancelled(Exception):
    """Somebody asked for the end of this run. Leaving the run by it completes the run as CANCELLED.

    It may also be raised by the pipeline itself to end its run that way.
    """


_periods = {"day": "daily_runs", "month": "monthly_runs"}


def error_of(status: int, problem: Mapping[str, Any], retry_after: Optional[float], date: Optional[str]) -> TenantryError:
    """The exception for a refusal. ``date`` is the answer's Date header, by which reset times are told."""
    code = str(problem.get("code", ""))
    message = str(problem.get("detail") or f"Tenantry answered {status}.")
    about = {"code": code, "status": status, "problem": problem, "retry_after": retry_after}
    if code == "concurrency_exceeded":
        running, limit = problem.get("running"), problem.get("concurrent_limit")
        return ConcurrencyExceeded(message, running=running, limit=limit, **about)
    if code in ("quota_exceeded", "usage_exceeded"):
        period = _periods.get(str(problem.get("period")), "daily_runs")
        limit = period if code == "quota_exceeded" else "monthly_api_calls"
        return QuotaExceeded(message, limit=limit, resets_at=_resets_at(limit, retry_after, date), **about)
    kinds = {401: AuthenticationError, 403: PermissionDenied}
    kind = kinds.get(status, InvalidRequest if 400 <= status < 500 else Unavailable)
    return kind(message, **about)  # type: ignore[arg-type]


def _resets_at(limit: str, retry_after: Optional[float], date: Optional[str]) -> Optional[datetime]:
    """The start of the UTC day or month that ``retry_after`` leads to; by Tenantry's clock, since ours may be wrong."""
    if retry_after is None:
        return None
    then = http_date(date) + timedelta(seconds=retry_after)
    # The seconds were rounded up and the Date header down: the reset is the midnight nearest to it.
    midnight = (then + timedelta(hours=12)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if abs(midnight - then) < timedelta(minutes=5) else then

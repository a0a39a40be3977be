"""A data-quality result as it is reported."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Optional

from tenantry._values import count, instant, json_list, log, now, text


def check_status(failed: int, severity: str) -> str:
    """PASS where nothing failed, WARNING where only a warning is meant, else FAIL."""
    if failed == 0:
        return "PASS"
    if severity not in ("error", "warning"):
        log.warning("The severity of a check is 'error' or 'warning', not %r: it is taken as an error.", severity)
    return "WARNING" if severity == "warning" else "FAIL"


def _instant_of(executed_at: Optional[datetime], table: str) -> str:
    """When the check was made; now with a warning where that is no time, or one that has no instant in UTC."""
    if executed_at is not None:
        try:
            return instant(executed_at)
        except Exception:  # Whatever the object does, the pipeline goes on.
            log.warning("executed_at of the check of %s cannot be read: it is reported as made now.", table)
    return instant(now())


def check_report(
    table: str,
    config: str,
    passed: int,
    failed: int,
    failed_expectations: Optional[Iterable[object]],
    severity: str,
    executed_at: Optional[datetime],
) -> dict[str, Any]:
    """The result as the data plane takes it."""
    target_table = text(table, 1_024)
    failures = count(failed, f"failed of the check of {target_table}")
    report: dict[str, Any] = {
        "dq_result_id": str(uuid.uuid4()),
        "target_table": target_table,
        "dq_config_id": text(config, 200),
        "executed_at": _instant_of(executed_at, target_table),
        "expectations_passed": count(passed, f"passed of the check of {target_table}") or 0,
        "expectations_failed": failures or 0,
        # A number that cannot be read is not taken for a success.
        "overall_status": check_status(1 if failures is None else failures, severity),
    }
    expectations = json_list(failed_expectations, f"failed_expectations of {target_table}")
    return report if expectations is None else {**report, "failed_expectations": expectations}

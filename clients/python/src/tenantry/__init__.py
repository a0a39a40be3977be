"""The Python client of Tenantry for pipeline workers.

from tenantry import Client

client = Client()
with client.run("gcp_billing_daily") as run:
    with run.step("load", type="bigquery_to_bigquery") as step:
        step.rows = 1200
    run.check("project.dataset.table", config="orders_suite", passed=12)
"""

from tenantry._client import Client
from tenantry._run import Run
from tenantry._step import Step
from tenantry._version import __version__
from tenantry.errors import (
    AuthenticationError,
    ConcurrencyExceeded,
    InvalidRequest,
    PermissionDenied,
    QuotaExceeded,
    RunCancelled,
    TenantryError,
    Unavailable,
)

__all__ = [
    "AuthenticationError",
    "Client",
    "ConcurrencyExceeded",
    "InvalidRequest",
    "PermissionDenied",
    "QuotaExceeded",
    "Run",
    "RunCancelled",
    "Step",
    "TenantryError",
    "Unavailable",
    "__version__",
]

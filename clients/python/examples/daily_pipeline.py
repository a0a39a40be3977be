"""A pipeline that a scheduler starts: it reserves its run, reports two steps and a check, and ends."""

from __future__ import annotations

import sys

from tenantry import Client, ConcurrencyExceeded, QuotaExceeded


def load_costs() -> int:
    """Stands for the work; answers how many rows there were."""
    return 1_200


def main() -> int:
    """Exit code 75 asks schedulers to try again later."""
    with Client() as client:
        try:
            run = client.run("gcp_billing_daily", trigger_type="scheduler", trigger_by="cron 0 2 * * *")
        except QuotaExceeded as refused:
            print(f"{refused} Again from {refused.resets_at}.", file=sys.stderr)
            return 75
        except ConcurrencyExceeded as refused:
            print(f"{refused} Again in {refused.retry_after} s.", file=sys.stderr)
            return 75
        with run:
            with run.step("load_costs", type="bigquery_to_bigquery") as step:
                step.rows = load_costs()
                step.metadata = {"destination_table": "project.finops.costs"}
            status = run.check("project.finops.costs", config="costs_suite", passed=12)
            if status == "FAIL":
                run.fail("The costs failed their checks.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

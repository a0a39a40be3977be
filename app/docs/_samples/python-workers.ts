/** Programs with our Python client, as its guide shows them. A slow test runs them. */

export const pythonVariables = (address: string): string =>
  `export TENANTRY_URL="${address}"\nexport TENANTRY_API_KEY="$TENANTRY_KEY"`;

export const pythonWorker = `from tenantry import Client

client = Client()
with client.run("gcp_billing_daily", trigger_type="scheduler", trigger_by="cron 0 2 * * *") as run:
    with run.step("load_costs", type="bigquery_to_bigquery") as step:
        step.rows = 1200
        step.metadata = {"destination_table": "project.finops.costs"}
    run.check("project.finops.costs", config="costs_suite", passed=11, failed=1,
              failed_expectations=[{"expectation": "unique", "column": "order_id"}])`;

export const reservingWorker = `import sys
from tenantry import Client, ConcurrencyExceeded, QuotaExceeded

client = Client()
try:
    run = client.run("gcp_billing_daily", trigger_type="scheduler", trigger_by="cron 0 2 * * *")
except QuotaExceeded as refused:
    sys.exit(f"{refused} Again from {refused.resets_at}.")
except ConcurrencyExceeded as refused:
    sys.exit(f"{refused} Again in {refused.retry_after} s.")
with run, run.step("load_costs", type="bigquery_to_bigquery") as step:
    step.rows = 1200`;

export const claimingWorker = `import logging
from tenantry import Client

for run in Client().claim(pipeline_ids=["gcp_billing_daily"], wait_seconds=30):
    try:
        with run, run.step("load_costs", type="bigquery_to_bigquery") as step:
            step.rows = 1200
    except Exception:
        logging.exception("%s failed", run)`;

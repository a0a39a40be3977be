"""Runs a job of Dagster that tells us of it: <sensor or storage> <ok or fail> <folder for Dagster's files>. Prints its run id last."""

import pathlib
import sys
import textwrap

import dagster as dg
from dagster_openlineage import openlineage_sensor

how, outcome, home = sys.argv[1:]
# The sensor reads events by number, for which a database of all runs is needed; Postgres is one too.
log = "module: dagster._core.storage.event_log\nclass: ConsolidatedSqliteEventLogStorage\nconfig:\n  base_dir: " + home
if how == "storage":
    wrapped = textwrap.indent(log, "    ")
    log = f"module: dagster_openlineage\nclass: OpenLineageEventLogStorage\nconfig:\n  namespace: shop\n  wrapped:\n{wrapped}"
settings = "telemetry:\n  enabled: false\nevent_log_storage:\n" + textwrap.indent(log, "  ")
pathlib.Path(home, "dagster.yaml").write_text(settings)


@dg.asset
def orders():
    """Five rows."""
    return dg.MaterializeResult(metadata={"dagster/row_count": 5})


@dg.asset_check(asset=orders)
def orders_have_customers():
    """Fails."""
    return dg.AssetCheckResult(passed=False)


@dg.asset_check(asset=orders)
def orders_have_ids():
    """Passes."""
    return dg.AssetCheckResult(passed=True)


@dg.asset(deps=[orders])
def totals():
    """Fails where it was told to."""
    if outcome == "fail":
        raise ValueError("boom")


sensor = openlineage_sensor(include_asset_events=True, record_filter_limit=1000)
definitions = dg.Definitions(
    assets=[orders, totals],
    asset_checks=[orders_have_customers, orders_have_ids],
    jobs=[dg.define_asset_job("daily", selection="*")],
    sensors=[sensor],
)
with dg.DagsterInstance.from_config(home) as instance:
    result = definitions.resolve_job_def("daily").execute_in_process(instance=instance, raise_on_error=False)
    if how == "sensor":
        # What Dagster's daemon does at each tick.
        context = dg.build_sensor_context(instance=instance, definitions=definitions)
        sensor.evaluate_tick(context)
print(result.run_id)

/** What a reader copies to have an orchestrator report here. A slow test runs all of it with the packages themselves. */
import { newUuid, now, type SampleRequest, type SampleValue } from '@/app/docs/_samples/made';

/** Address and key as every client of OpenLineage reads them. */
export const openLineageVariables = (address: string): string =>
  `export OPENLINEAGE_URL="${address}"\nexport OPENLINEAGE_API_KEY="$TENANTRY_KEY"`;

/** The same by single settings, with which all others of the client can be set too. */
export const openLineageSettings = (address: string): string =>
  `export OPENLINEAGE__TRANSPORT__TYPE=http
export OPENLINEAGE__TRANSPORT__URL="${address}"
export OPENLINEAGE__TRANSPORT__AUTH='{"type": "api_key", "apiKey": "'$TENANTRY_KEY'"}'
export OPENLINEAGE__TRANSPORT__COMPRESSION=gzip`;

/** A run with a job of its own and no more, told by one event. */
export const eventRequest = (address: string, more: { [name: string]: SampleValue }): SampleRequest => ({
  method: 'POST',
  address,
  path: ['/api/v1/lineage'],
  auth: 'key',
  body: {
    eventTime: now,
    run: { runId: newUuid },
    job: { namespace: 'shop', name: 'daily_costs' },
    producer: 'https://example.com/shop',
    ...more,
  },
});

export const dbtCommands = (address: string): string =>
  `${openLineageVariables(address)}\n\ndbt-ol build --consume-structured-logs`;

const airflowTransport = (address: string, key: string): string =>
  `{"type": "http", "url": "${address}", "auth": {"type": "api_key", "apiKey": "${key}"}}`;

/** A part of airflow.cfg. */
export const airflowConfig = (address: string): string => `[openlineage]
namespace = shop
transport = ${airflowTransport(address, 'ty_live_…')}`;

export const airflowVariables = (address: string): string => `export AIRFLOW__OPENLINEAGE__NAMESPACE=shop
export AIRFLOW__OPENLINEAGE__TRANSPORT='${airflowTransport(address, "'$TENANTRY_KEY'")}'`;

/** A task that starts dbt, whose run then belongs to that of the DAG. */
export const airflowTask = `BashOperator(
    task_id="dbt",
    bash_command="dbt-ol build",
    cwd="/path/to/project",
    append_env=True,
    env={
        "OPENLINEAGE_PARENT_ID": "{{ macros.OpenLineageProviderPlugin.lineage_parent_id(task_instance) }}",
        "OPENLINEAGE_ROOT_PARENT_ID": "{{ macros.OpenLineageProviderPlugin.lineage_root_parent_id(task_instance) }}",
    },
)`;

export const dagsterDefinitions = `import dagster as dg
from dagster_openlineage import openlineage_sensor


@dg.asset
def orders():
    return dg.MaterializeResult(metadata={"dagster/row_count": 5})


@dg.asset_check(asset=orders)
def orders_have_customers():
    return dg.AssetCheckResult(passed=True)


defs = dg.Definitions(
    assets=[orders],
    asset_checks=[orders_have_customers],
    jobs=[dg.define_asset_job("daily", selection="*")],
    sensors=[openlineage_sensor(include_asset_events=True, minimum_interval_seconds=30, record_filter_limit=500)],
)`;

/** Names, columns and counts of a result; whatever else Great Expectations knows of it stays where it ran. */
export const greatExpectations = `from datetime import datetime, timezone
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, Run, RunEvent, RunState
from openlineage.client.facet_v2 import data_quality_assertions_dataset as dq
from openlineage.client.uuid import generate_new_uuid

def report(result, namespace, dataset):
    for suite in (found.to_json_dict() for found in result.run_results.values()):
        assertions = []
        for one in suite["results"]:
            config = one["expectation_config"]
            assertions.append(dq.Assertion(
                assertion=config["type"], column=config["kwargs"].get("column"), success=one["success"],
                severity="error" if config["severity"] == "critical" else "warn",
                actual=str(one["result"].get("unexpected_count", one["success"]))))
        facet = dq.DataQualityAssertionsDatasetFacet(assertions=assertions)
        OpenLineageClient().emit(RunEvent(
            eventType=RunState.COMPLETE if suite["success"] else RunState.FAIL,
            eventTime=datetime.now(timezone.utc).isoformat(), run=Run(runId=str(generate_new_uuid())),
            job=Job(namespace=namespace, name=suite["suite_name"]), producer="https://example.com/checks",
            inputs=[InputDataset(namespace=namespace, name=dataset, inputFacets={"dataQualityAssertions": facet})]))`;

/** The same by a worker that reports its run with the Python client. */
export const greatExpectationsOfWorker = `def report(run, result, table):
    for suite in (found.to_json_dict() for found in result.run_results.values()):
        failed = [one["expectation_config"] for one in suite["results"] if not one["success"]]
        run.check(
            table,
            config=suite["suite_name"],
            passed=suite["statistics"]["successful_expectations"],
            failed=len(failed),
            failed_expectations=[{"expectation": one["type"], "column": one["kwargs"].get("column")} for one in failed],
        )`;

"""Reports a run with a task by OpenLineage's own client, whose settings are in the environment: <ok or fail>. Prints the run id."""

import datetime
import sys

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    data_quality_assertions_dataset as assertions,
    error_message_run,
    job_type_job,
    nominal_time_run,
    output_statistics_output_dataset as statistics,
    parent_run,
)
from openlineage.client.uuid import generate_new_uuid

client = OpenLineageClient()
root, task = str(generate_new_uuid()), str(generate_new_uuid())

nominal = nominal_time_run.NominalTimeRunFacet(
    nominalStartTime="2026-01-01T00:00:00Z", nominalEndTime="2026-01-02T00:00:00Z"
)
error = error_message_run.ErrorMessageRunFacet(
    message="relation orders is missing",
    programmingLanguage="python",
    stackTrace="Traceback (most recent call last):\nValueError: relation orders is missing",
)
quality = assertions.DataQualityAssertionsDatasetFacet(
    assertions=[
        assertions.Assertion(assertion="not_null", success=True, column="order_id"),
        assertions.Assertion(
            assertion="accepted_values", success=False, column="status", severity="warn", expected="0", actual="1"
        ),
    ]
)
parent = parent_run.ParentRunFacet(
    run=parent_run.Run(runId=root),
    job=parent_run.Job(namespace="shop", name="daily"),
    root=parent_run.Root(run=parent_run.RootRun(runId=root), job=parent_run.RootJob(namespace="shop", name="daily")),
)


def emit(state, run_id, name, facets, job_type, inputs=(), outputs=()):
    """Sends one event of one of the two jobs."""
    kind = job_type_job.JobTypeJobFacet(processingType="BATCH", integration="CUSTOM", jobType=job_type)
    client.emit(
        RunEvent(
            eventType=state,
            eventTime=datetime.datetime.now(datetime.timezone.utc).isoformat(),
            run=Run(runId=run_id, facets=facets),
            job=Job(namespace="shop", name=name, facets={"jobType": kind}),
            inputs=list(inputs),
            outputs=list(outputs),
            producer="https://example.com/shop",
        )
    )


emit(RunState.START, root, "daily", {"nominalTime": nominal}, "JOB")
emit(RunState.START, task, "daily.load", {"parent": parent}, "TASK")
emit(RunState.RUNNING, task, "daily.load", {"parent": parent}, "TASK")
if sys.argv[1] == "fail":
    emit(RunState.FAIL, task, "daily.load", {"parent": parent, "errorMessage": error}, "TASK")
    emit(RunState.FAIL, root, "daily", {"nominalTime": nominal, "errorMessage": error}, "JOB")
else:
    source = InputDataset(namespace="duckdb://shop", name="raw.orders", inputFacets={"dataQualityAssertions": quality})
    target = OutputDataset(
        namespace="duckdb://shop",
        name="main.orders",
        outputFacets={"outputStatistics": statistics.OutputStatisticsOutputDatasetFacet(rowCount=42, size=1024)},
    )
    emit(RunState.COMPLETE, task, "daily.load", {"parent": parent}, "TASK", [source], [target])
    emit(RunState.COMPLETE, root, "daily", {"nominalTime": nominal}, "JOB")
client.close()
print(root)

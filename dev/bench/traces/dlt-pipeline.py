"""dlt, unmodified: the same lines into Parquet files, deduplicated by nothing. Prints rows a second."""

import json
import os
import sys
import tempfile
import time

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"

import dlt  # noqa: E402

count = 0


def records():
    global count
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            count += 1
            yield json.loads(line)


began = time.perf_counter()
with tempfile.TemporaryDirectory() as folder:
    pipeline = dlt.pipeline(
        "traces",
        pipelines_dir=os.path.join(folder, "work"),
        destination=dlt.destinations.filesystem(bucket_url=f"file://{folder}/out"),
        dataset_name="traces",
    )
    pipeline.run(records(), table_name="sessions", loader_file_format="parquet", write_disposition="append")
print(round(count / (time.perf_counter() - began)))

"""A worker that waits for runs of "Run again" and of schedules, until it is asked to end."""

from __future__ import annotations

import logging
import signal
import sys
from types import FrameType
from typing import Optional

from tenantry import Client, Run, RunCancelled


def work(run: Run) -> None:
    """The pipeline; between its steps it hears whether somebody cancelled it."""
    for day in run.parameters.get("days", ["today"]):
        with run.step(f"load_{day}", type="bigquery_to_bigquery") as step:
            step.rows = 100


def end(number: int, frame: Optional[FrameType]) -> None:
    """Ends what runs as FAILED, by an exception in the main thread."""
    sys.exit(128 + number)


def main() -> None:
    """Works on one run after another; one that fails does not end the worker."""
    logging.basicConfig(level=logging.INFO)
    signal.signal(signal.SIGTERM, end)
    with Client() as client:
        for run in client.claim(pipeline_ids=["gcp_billing_daily"], wait_seconds=30):
            try:
                with run:
                    work(run)
            except RunCancelled:
                logging.info("%s was cancelled", run)
            except Exception:
                logging.exception("%s failed", run)


if __name__ == "__main__":
    main()

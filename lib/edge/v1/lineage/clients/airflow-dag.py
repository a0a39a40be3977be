"""A DAG of two tasks, the second of which fails where AIRFLOW_OUTCOME says so."""

import datetime
import os

from airflow.sdk import dag, task


@dag(schedule=None, start_date=datetime.datetime(2026, 1, 1), catchup=False)
def daily():
    @task
    def load():
        return 5

    @task
    def report(rows):
        if os.environ.get("AIRFLOW_OUTCOME") == "fail":
            raise ValueError("boom")
        print(rows)

    report(load())


daily()

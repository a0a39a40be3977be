"""A pipeline for the tests beside this file, by the client as it is installed: <what to do> [arguments]. Prints lines of JSON."""

import json
import logging
import random
import signal
import sys
import time
import uuid

from tenantry import Client, RunCancelled, TenantryError

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")


def say(**line):
    print(json.dumps(line), flush=True)


def whole(client):
    """One run with nested steps and checks, and one that fails."""
    with client.run("gcp_billing_daily", trigger_type="scheduler", trigger_by="cron 0 2 * * *", parameters={"day": "2026-01-31"}) as run:
        with run.step("extract", type="api"):
            with run.step("page", type="api") as page:
                page.rows = 40
        with run.step("load", type="bigquery_to_bigquery") as load:
            load.rows = 1200
            load.metadata = {"table": "p.d.orders", "bytes": 12345}
        run.check("p.d.orders", config="orders_suite", passed=11, failed=1, failed_expectations=[{"column": "id"}])
        run.check("p.d.orders", config="freshness", passed=3, failed=1, severity="warning")
    say(completed=run.id, status=run.status)
    try:
        with client.run("gcp_billing_daily") as run:
            with run.step("load"):
                raise ValueError("boom")
    except ValueError:
        say(failed=run.id, status=run.status)


def refused(client):
    """What a start says that is refused."""
    try:
        client.run("gcp_billing_daily")
    except TenantryError as error:
        resets_at = getattr(error, "resets_at", None)
        say(kind=type(error).__name__, limit=getattr(error, "limit", None), resets_at=resets_at and resets_at.isoformat(),
            retry_after=error.retry_after, message=str(error))


def claim(client, count):
    """Works on that many runs that wait."""
    for done, run in enumerate(client.claim(pipeline_ids=["daily_costs"], wait_seconds=30), 1):
        with run:
            with run.step("again"):
                pass
        say(claimed=run.id, parameters=dict(run.parameters))
        if done == int(count):
            return


def until_cancelled(client):
    """Works until somebody asks for its end."""
    try:
        with client.run("endless", lease_seconds=10) as run:
            say(run=run.id)
            while True:
                with run.step("chunk"):
                    time.sleep(0.2)
    except RunCancelled:
        say(cancelled=run.id)


def steady(client, steps, seconds, lease_seconds=900):
    """A run of that many steps, one after another."""
    with client.run("steady", lease_seconds=int(lease_seconds)) as run:
        say(run=run.id)
        for number in range(int(steps)):
            with run.step(f"step_{number}") as step:
                time.sleep(float(seconds))
                step.rows = number
            run.check(f"t_{number}", config="suite", passed=1)
    say(left=run.id)


def endless(client):
    """Run after run; says of each report that it was made, once it was."""
    while True:
        with client.run("endless", lease_seconds=10) as run:
            say(run=run.id)
            for _ in range(random.randint(1, 20)):
                name = str(uuid.uuid4())
                with run.step(name):
                    say(step=name, status="RUNNING", of=run.id)
                    time.sleep(random.uniform(0, 0.05))
                say(step=name, status="COMPLETED", of=run.id)
                table = str(uuid.uuid4())
                run.check(table, config="suite", passed=1)
                say(check=table, of=run.id)
        say(left=run.id)


def flush(client):
    """Sends what others left behind."""
    began = time.monotonic()
    say(flushed=client.flush(60), seconds=round(time.monotonic() - began, 2))


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
what, *arguments = sys.argv[1:]
with Client() as the_client:
    globals()[what](the_client, *arguments)

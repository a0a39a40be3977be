/** Workers that report runs as customers' do: they repeat what is not answered, and remember every row they reported. */
import { setTimeout as sleep } from 'node:timers/promises';
import { newUuid } from '@/lib/platform/ids';

export type Sizes = { workers: number; runs: number; steps: number; checksAStep: number };
type Row = Record<string, unknown>;
export type Reported = { runs: Row[]; steps: Row[]; checks: Row[]; repeated: number };
export type Subject = { url: () => string; key: string; customerId: string };

const patienceMs = 120_000;

/** One call, sent again until it is answered: ids and keys make a repeat harmless. */
async function call({ url, key }: Subject, told: Reported, path: string, body: unknown, headers = {}): Promise<Row> {
  for (const deadline = Date.now() + patienceMs; ; told.repeated++) {
    try {
      const response = await fetch(`${url()}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(20_000),
      });
      const answer = (await response.json()) as Row;
      if (response.ok) return answer;
      if (response.status < 500) throw new TypeError(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    } catch (error) {
      // A refusal is never repeated; a connection that broke is.
      if (error instanceof TypeError && / answered \d/.test(error.message)) throw error;
      if (Date.now() > deadline) throw error;
    }
    await sleep(100 + Math.random() * 200);
  }
}

/** Throws unless every item of a batch was stored. */
function allStored(answer: Row): void {
  if (answer.failed !== 0) throw new Error(`a batch was not stored whole: ${JSON.stringify(answer).slice(0, 500)}`);
}

function stepsOf(runId: string, count: number): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const startMs = Date.now() - 1_000 + index;
    const durationMs = 5 + index * 3;
    return {
      step_logging_id: newUuid(),
      pipeline_logging_id: runId,
      step_name: `step ${index} „ñ“ 東京`,
      step_type: index % 2 ? 'data_quality' : 'bigquery_to_bigquery',
      step_index: index,
      status: 'COMPLETED',
      start_time: new Date(startMs).toISOString(),
      end_time: new Date(startMs + durationMs).toISOString(),
      duration_ms: durationMs,
      rows_processed: index * 1_000,
      error_message: null,
      metadata: { destination_table: `d.t${index}`, nested: [{ bytes: index }] },
    };
  });
}

function checksOf(subject: Subject, runId: string, count: number): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const at = new Date().toISOString();
    const failed = index % 7 === 0 ? 2 : 0;
    return {
      dq_result_id: newUuid(),
      pipeline_logging_id: runId,
      tenant_id: subject.customerId,
      target_table: `project.dataset.table_${index % 5}`,
      dq_config_id: `suite_${index % 3}`,
      executed_at: at,
      expectations_passed: 12 - failed,
      expectations_failed: failed,
      failed_expectations: failed ? [{ expectation: 'not_null', rows: index }] : null,
      overall_status: failed ? 'FAIL' : 'PASS',
      ingestion_date: at.slice(0, 10),
    };
  });
}

/** The fields that a call takes of a row. */
const sent = (row: Row, ...left: string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name, value]) => value !== null && !left.includes(name)));

async function oneRun(subject: Subject, told: Reported, sizes: Sizes, name: string): Promise<void> {
  const asked = {
    pipeline_id: `pipeline_${name.split('.')[0]}`,
    trigger_type: 'scheduler',
    trigger_by: `drill ${name}`,
    parameters: { name, list: [1, 2.5, 'x'] },
    config_version: 'abc1234',
    worker_instance: `worker-${name}`,
  };
  const started = await call(subject, told, '/v1/runs', asked, { 'idempotency-key': newUuid() });
  const runId = String(started.pipeline_logging_id);
  const path = `/v1/runs/${runId}`;
  const steps = stepsOf(runId, sizes.steps);
  const checks = checksOf(subject, runId, sizes.steps * sizes.checksAStep);
  const ours = ['pipeline_logging_id', 'duration_ms'];
  const begun = steps.map(step => ({
    ...sent(step, ...ours, 'end_time', 'rows_processed', 'metadata'),
    status: 'RUNNING',
  }));
  allStored(await call(subject, told, `${path}/steps`, { steps: begun }));
  const [first, ...others] = steps.map(step => sent(step, ...ours));
  await call(subject, told, `${path}/steps`, first);
  allStored(await call(subject, told, `${path}/steps`, { steps: others }));
  const results = checks.map(result => sent(result, 'pipeline_logging_id', 'tenant_id', 'ingestion_date'));
  allStored(await call(subject, told, `${path}/dq-results`, { dq_results: results }));
  const ended = await call(subject, told, `${path}/complete`, { status: 'COMPLETED' });
  told.steps.push(...steps);
  told.checks.push(...checks);
  told.runs.push({
    ...asked,
    pipeline_logging_id: runId,
    tenant_id: subject.customerId,
    status: 'COMPLETED',
    start_time: started.start_time,
    end_time: ended.end_time,
    duration_ms: ended.duration_ms,
    error_message: null,
  });
}

/** All workers at once; `progress` hears after each run how many are done. */
export async function report(subject: Subject, sizes: Sizes, progress: (done: number) => void): Promise<Reported> {
  const told: Reported = { runs: [], steps: [], checks: [], repeated: 0 };
  const worker = async (number: number) => {
    for (let run = 0; run < sizes.runs; run++) {
      await oneRun(subject, told, sizes, `${number}.${run}`);
      progress(told.runs.length);
    }
  };
  await Promise.all(Array.from({ length: sizes.workers }, (_, number) => worker(number)));
  return told;
}

/** Claims until nothing waits; answers the ids in the order they were claimed. */
export async function claimAll({ url, key }: Subject): Promise<string[]> {
  const claimed: string[] = [];
  for (;;) {
    const response = await fetch(`${url()}/v1/runs/claim`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: '{}',
    });
    if (response.status === 204) return claimed;
    const answer = (await response.json()) as Row;
    if (!response.ok) throw new Error(`a claim answered ${response.status}: ${JSON.stringify(answer)}`);
    claimed.push(String(answer.pipeline_logging_id));
  }
}

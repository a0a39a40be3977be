import { expect, test } from 'vitest';
import { seeded, shuffledAndRepeated } from '@/dev/testing/lineage/shuffled';
import { runEventInput } from '@/lib/domains/lineage/input';
import { type Arrived, jobOf, mergeJobs } from '@/lib/domains/lineage/merge/merge-jobs';
import { recordedEvents, type SentEvent, sampleNames, withNewIds } from '@/lib/domains/lineage/samples/samples';
import type { LineageJob } from '@/lib/domains/lineage/tables';

const root = '01a21ac5-0000-7000-8000-000000000001';
const arrived = (events: readonly SentEvent[]): Arrived[] =>
  events.map((sent, index) => ({
    customerId: 'cus_a',
    rootRunId: root,
    receivedAt: new Date(Date.UTC(2026, 10, 27) + index),
    event: runEventInput.parse(sent),
  }));

/** Rows by job, as they are stored: through JSON. */
function rowsOf(events: readonly Arrived[]): Map<string, LineageJob> {
  const rows = new Map<string, LineageJob>();
  for (const event of events) {
    const job = jobOf(event);
    const known = rows.get(job.stepLoggingId);
    rows.set(job.stepLoggingId, known ? mergeJobs(known, job) : job);
  }
  return new Map([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}

test.each(sampleNames)('%s: in any order and however often, its events come to the same rows', name => {
  const events = arrived(recordedEvents(name));
  const expected = rowsOf(events);
  const random = seeded(7);
  for (let turn = 0; turn < 15; turn++) expect(rowsOf(shuffledAndRepeated(events, random))).toEqual(expected);
});

test('rows that were merged apart merge to the same as one by one', () => {
  const events = arrived(recordedEvents('dbt-test'));
  const random = seeded(11);
  const expected = rowsOf(events);
  for (let turn = 0; turn < 50; turn++) {
    const mixed = shuffledAndRepeated(events, random);
    const cut = Math.floor(random() * mixed.length);
    const [left, right] = [rowsOf(mixed.slice(0, cut)), rowsOf(mixed.slice(cut))];
    for (const [id, job] of right) {
      const known = left.get(id);
      left.set(id, known ? mergeJobs(known, job) : job);
    }
    expect(new Map([...left].sort(([a], [b]) => (a < b ? -1 : 1)))).toEqual(expected);
  }
});

const sent = (eventType: string, at: string, more: Partial<SentEvent> = {}): SentEvent => ({
  eventType,
  eventTime: `2026-11-27T02:00:${at}Z`,
  run: { runId: root },
  job: { namespace: 'n', name: 'j' },
  ...more,
});
const only = (events: readonly SentEvent[]): LineageJob => {
  const [job] = rowsOf(arrived(events)).values();
  if (!job) throw new Error('no job');
  return job;
};

test('the earliest START and the latest end stand; of equal times FAIL stands before ABORT before COMPLETE', () => {
  const job = only([sent('START', '05'), sent('COMPLETE', '09'), sent('START', '02'), sent('FAIL', '08')]);
  expect(job.startTime).toEqual(new Date('2026-11-27T02:00:02Z'));
  expect(job).toMatchObject({ terminalType: 'COMPLETE', terminalTime: new Date('2026-11-27T02:00:09Z') });
  expect(only([sent('ABORT', '09'), sent('FAIL', '09'), sent('COMPLETE', '09')]).terminalType).toBe('FAIL');
  expect(only([sent('COMPLETE', '09'), sent('ABORT', '09')]).terminalType).toBe('ABORT');
});

test('dbt’s events sent anew under other run ids change nothing of what is known', () => {
  const invocation = { dbt_run: { invocation_id: 'i-1' } };
  const first = '01a21ac5-0000-7000-8000-000000000001';
  const anew = '01a21ac6-0000-7000-8000-000000000001';
  const by = (runId: string) => ({ run: { runId, facets: invocation } });
  const events = [sent('START', '01', by(first)), sent('COMPLETE', '02', by(first))];
  const later = [sent('START', '31', by(anew)), sent('COMPLETE', '32', by(anew))];
  const job = only([...later, ...events]);
  expect(job).toMatchObject({
    runId: first,
    startTime: new Date('2026-11-27T02:00:01Z'),
    terminalTime: new Date('2026-11-27T02:00:02Z'),
  });
  // A failure stands whatever the second telling ends with, and what was never told the first time is taken from it.
  const failed = [sent('START', '01', by(first)), sent('FAIL', '02', by(first)), sent('COMPLETE', '32', by(anew))];
  expect(only(failed)).toMatchObject({ terminalType: 'FAIL', terminalTime: new Date('2026-11-27T02:00:02Z') });
  expect(only([events[0] as SentEvent, ...later])).toMatchObject({ terminalType: 'COMPLETE', terminalRunId: anew });
});

test('checks that come in events of their own, as Dagster sends them, are all kept', () => {
  const evaluated = (at: string, assertion: string, success: boolean) =>
    sent('COMPLETE', at, {
      inputs: [
        {
          namespace: 'n',
          name: 'orders',
          inputFacets: { dataQualityAssertions: { assertions: [{ assertion, success }] } },
        },
      ],
    });
  const job = only([
    evaluated('02', 'unique', true),
    evaluated('01', 'not_null', false),
    evaluated('03', 'unique', false),
  ]);
  expect(job.assertions[0]?.assertions.map(({ value }) => value)).toEqual([
    { assertion: 'not_null', success: false },
    { assertion: 'unique', success: false },
  ]);
});

test('a failed assertion without `actual` was skipped where dbt says so, and failed where anybody else does', () => {
  const assertions = [{ assertion: 'not_null', success: false, severity: 'error' }];
  const failing = (facets: Record<string, unknown>, facet = assertions as object[]) =>
    only([
      sent('FAIL', '02', {
        run: { runId: root, facets },
        inputs: [{ namespace: 'n', name: 't', facets: { dataQualityAssertions: { assertions: facet } } }],
      }),
    ]);
  const dbt = { dbt_run: { invocation_id: 'i-2' } };
  expect(failing(dbt)).toMatchObject({ isSkipped: true, assertions: [{ assertions: [{ skipped: true }] }] });
  expect(failing({})).toMatchObject({ isSkipped: false, assertions: [{ assertions: [{ skipped: false }] }] });
  // A test that could not be run says so by its message; a version of dbt without severities never has `actual`.
  expect(failing({ ...dbt, errorMessage: { message: 'boom' } }).isSkipped).toBe(false);
  expect(failing(dbt, [{ assertion: 'not_null', success: false }]).isSkipped).toBe(false);
});

test('new ids are the same for the same, so that a sample stays one run', () => {
  const [start, ...rest] = withNewIds(recordedEvents('dbt-run'));
  expect(rest.at(-1)?.run.runId).toBe(start?.run.runId);
  expect(start?.run.runId).not.toBe(recordedEvents('dbt-run')[0]?.run.runId);
});

import { expect, test } from 'vitest';
import {
  errorFingerprint,
  errorPattern,
  mayFollow,
  reportsUntil,
  runMayBecome,
  type StepStatus,
} from '@/lib/domains/runs/rules';
import { type RunStatus, runStatuses, stepStatuses } from '@/lib/domains/runs/tables';

/** Rows: the state a step was last reported in; columns, in the order of stepStatuses: whether each may follow. */
const table: Record<StepStatus, [pending: 0 | 1, running: 0 | 1, completed: 0 | 1, failed: 0 | 1, skipped: 0 | 1]> = {
  PENDING: [1, 1, 1, 1, 1],
  RUNNING: [0, 1, 1, 1, 1],
  COMPLETED: [0, 0, 1, 0, 0],
  FAILED: [0, 0, 0, 1, 0],
  SKIPPED: [0, 0, 0, 0, 1],
};
const cells = stepStatuses.flatMap(before =>
  stepStatuses.map((after, index) => [before, after, table[before][index] === 1] as const),
);

test.each(cells)('a step that is %s may become %s: %s', (before, after, allowed) =>
  expect(mayFollow(before, after)).toBe(allowed),
);

test('reports are taken while a run goes on, and for 24 hours after its end', () => {
  expect(reportsUntil(null)).toBeNull();
  expect(reportsUntil(new Date('2026-11-21T02:09:14.123Z'))).toEqual(new Date('2026-11-22T02:09:14.123Z'));
});

/** Rows: the state of a run; columns, in the order of runStatuses: whether it may become each. */
const runTable: Record<RunStatus, [pending: 0 | 1, running: 0 | 1, completed: 0 | 1, failed: 0 | 1, cancelled: 0 | 1]> =
  {
    PENDING: [1, 1, 0, 0, 1],
    RUNNING: [0, 1, 1, 1, 1],
    COMPLETED: [0, 0, 1, 0, 0],
    FAILED: [0, 0, 0, 1, 0],
    CANCELLED: [0, 0, 0, 0, 1],
  };
const runCells = runStatuses.flatMap(before =>
  runStatuses.map((after, index) => [before, after, runTable[before][index] === 1] as const),
);

test.each(runCells)('a run that is %s may become %s: %s', (before, after, allowed) =>
  expect(runMayBecome(before, after)).toBe(allowed),
);

/** Messages as tools write them, and what is left of each. */
const patterns: [message: string, pattern: string][] = [
  [
    '404 Not found: Table acme-prod:billing_raw.costs_20251115 was not found in location US',
    '404 Not found: Table <path> was not found in location US',
  ],
  [
    'google.api_core.exceptions.NotFound: 404 Not found: Dataset acme-prod:raw was not found in location EU\n\nJob ID: 5f0f2a9e-7d3b-4e8d-9d65-0c1c8b7f2a11',
    'google.api_core.exceptions.NotFound: 404 Not found: Dataset <path> was not found in location EU',
  ],
  ['Unrecognized name: usage_amont at [3:17]', 'Unrecognized name: usage_amont at [<n>]'],
  [
    'Query exceeded limit for bytes billed: 10485760. 20971520 or higher required.',
    'Query exceeded limit for bytes billed: <n>. <n> or higher required.',
  ],
  [
    'psycopg.errors.UniqueViolation: duplicate key value violates unique constraint "costs_pkey"\nDETAIL:  Key (id)=(4711) already exists.',
    'psycopg.errors.UniqueViolation: duplicate key value violates unique constraint <value>',
  ],
  [
    'connection to server at "10.4.0.12", port 5432 failed: Connection refused',
    'connection to server at <value>, port <n> failed: Connection refused',
  ],
  ['connection failed: 10.4.0.12:5432 timed out after 30.5s', 'connection failed: <address> timed out after <n>s'],
  ['dial tcp [2001:db8::1]:443: i/o timeout', 'dial tcp <address>: i/o timeout'],
  [
    `Traceback (most recent call last):\n  File "/app/run.py", line 88, in <module>\n    main()\nKeyError: 'cost_usd'`,
    'KeyError: <value>',
  ],
  [
    'requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.vendor.io/v2/export?cursor=abc123',
    'requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: <url>',
  ],
  [
    'HTTP 429 from api.vendor.io:443 after 5 attempts, request id req_8f3a91c2d4',
    'HTTP 429 from <address> after <n> attempts, request id <id>',
  ],
  ['HTTP/1.1 502 Bad Gateway', 'HTTP/1.1 502 Bad Gateway'],
  [
    'Database Error in model stg_costs (models/staging/stg_costs.sql)\n  column "amount" does not exist',
    'Database Error in model stg_costs (<path>)',
  ],
  [`Runtime Error\n  Could not find profile named 'prod'`, 'Runtime Error Could not find profile named <value>'],
  [
    `can't open file '/opt/x.py': [Errno 2] No such file or directory`,
    `can't open file <value>: [Errno 2] No such file or directory`,
  ],
  ['could not open /var/lib/loader/part-0007.csv', 'could not open <path>'],
  ['<Foo object at 0x7f3c1b2a> is not JSON serializable', '<Foo object at <id>> is not JSON serializable'],
  ['jane.doe@acme.io may not read gs://acme-raw/2025/11/15/part-0001.parquet', '<email> may not read <url>'],
  [
    'OOMKilled: container used 4.2GB of 4096MB, exit code 137',
    'OOMKilled: container used <n>GB of <n>MB, exit code 137',
  ],
  ['I/O error and/or N/A in the utf8 of int64 column 17', 'I/O error and/or N/A in the utf8 of int64 column <n>'],
  ['task_12 on worker-3 failed for date 2025-11-14', 'task_<n> on worker-<n> failed for date <time>'],
  ['2025-11-15 02:09:14,123 ERROR: \u001b[31mfailed\u001b[0m to load', '<time> ERROR: failed to load'],
  ['Überlauf in Zeile 17 – 🙂', 'Überlauf in Zeile <n> – 🙂'],
  ['  \n', 'failed without a message'],
];

test.each(patterns)('of the error %j the pattern %j is left', (message, pattern) =>
  expect(errorPattern(message)).toBe(pattern),
);

test('errors that differ by ids, numbers and times have one fingerprint, others another', () => {
  const of = (message: string | null) => errorFingerprint(errorPattern(message));
  const job = (id: string, day: string) => `job ${id} of ${day} failed: 12 rows refused`;
  const one = job('1f0e6a52-7c1f-4a55-9d3e-2f54fd1f2a10', '2025-11-14');
  expect(of(job('9a3b6a52-7c1f-4a55-9d3e-2f54fd1f2a10', '2026-02-28'))).toBe(of(one));
  expect(of(one)).toMatch(/^[0-9a-f]{16}$/);
  expect(of('HTTP 404')).not.toBe(of('HTTP 503'));
  expect(of(null)).not.toBe(of('boom'));
});

test('a pattern holds at most 300 signs, whole ones, and its making does not take long', () => {
  expect([...errorPattern(`${'🙂 '.repeat(400)}`)]).toHaveLength(300);
  const hostile = ['a', '/', 'a.', '1:', '"', "'", 'a-', 'a/', 'a@', '::', 'http://', 'f', '<'];
  const started = performance.now();
  for (const part of hostile) errorPattern(part.repeat(10_000 / part.length));
  expect(performance.now() - started).toBeLessThan(1_000);
});

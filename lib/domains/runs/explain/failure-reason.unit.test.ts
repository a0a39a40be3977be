import { expect, test } from 'vitest';
import { demoPipelines } from '@/dev/seed/pipelines';
import { seededRandom } from '@/dev/seed/random';
import type { FailedRun } from '@/lib/domains/runs/explain/failed-run';
import { type FailureCode, failureCodes, failureReason } from '@/lib/domains/runs/explain/failure-reason';

const failed = (change: Partial<FailedRun> = {}): FailedRun => ({
  status: 'FAILED',
  errorMessage: null,
  step: { index: 2, name: 'load_costs', errorMessage: null },
  isObserved: false,
  leaseExpired: false,
  leaseSeconds: 900,
  worker: null,
  cancelledBy: null,
  checks: 0,
  checksFailed: 0,
  ...change,
});

/** Rows: what a worker wrote, and what kind of failure that is. */
const cases: [text: string, code: FailureCode][] = [
  ['Access denied on dataset acme_prod: the credential prod-gcp lacks bigquery.dataEditor.', 'permission_missing'],
  ['403 Forbidden: caller does not have storage.objects.get access', 'permission_missing'],
  ['User: arn:aws:iam::1:user/x is not authorized to perform: s3:GetObject', 'permission_missing'],
  ['PERMISSION_DENIED: BigQuery: Permission denied while getting Drive credentials.', 'permission_missing'],
  ['psycopg2: FATAL: permission denied for table costs', 'permission_missing'],
  ['The credential aws-cur was rejected: the security token is expired.', 'credential_rejected'],
  ['google.auth.exceptions.RefreshError: invalid_grant: Token has been expired or revoked.', 'credential_rejected'],
  ['401 Unauthorized', 'credential_rejected'],
  ['Incorrect or invalid API key provided', 'credential_rejected'],
  ['FATAL: password authentication failed for user "etl"', 'credential_rejected'],
  ['2 of 14 expectations failed on costs.gcp_daily.', 'data_check'],
  ['Data quality gate: 3 checks failed', 'data_check'],
  ['Quota exceeded: Your project exceeded quota for free query bytes scanned', 'quota'],
  ['You exceeded your current quota, please check your plan (insufficient_quota)', 'quota'],
  ['OpenAI answered 429: the organization’s rate limit was reached.', 'rate_limited'],
  ['ThrottlingException: Rate exceeded (Throttling)', 'rate_limited'],
  ['HTTP 429 Too Many Requests', 'rate_limited'],
  ['Resources exceeded during query execution: not enough memory', 'memory'],
  ['container exited with code 137', 'memory'],
  ['java.lang.OutOfMemoryError: Java heap space', 'memory'],
  ['ReadTimeout: HTTPSConnectionPool(host=x): Read timed out. (read timeout=60)', 'timeout'],
  ['504 Deadline Exceeded', 'timeout'],
  ['Job timed out after 3600 s', 'timeout'],
  ['The provider answered 503 Service Unavailable after 5 attempts.', 'provider_down'],
  ['connect ECONNREFUSED 10.0.0.4:5432', 'provider_down'],
  ['HTTP status 500', 'provider_down'],
  ['404 Not found: Table acme:costs.gcp_daily was not found in location US', 'not_found'],
  ['FileNotFoundError: [Errno 2] No such file or directory: /tmp/x.csv', 'not_found'],
  ['ERROR: relation "costs" does not exist', 'not_found'],
  ['Could not parse "abc" as INT64 for field cost', 'invalid_data'],
  ['JSONDecodeError: Expecting value: line 1 column 1 (char 0)', 'invalid_data'],
  ['duplicate key value violates unique constraint "costs_pkey"', 'invalid_data'],
  ['Traceback (most recent call last):\n  File "a.py"\nKeyError: \'cost\'', 'code'],
  ['TypeError: rows.map is not a function', 'code'],
  ['boom', 'unknown'],
  ['The moon was in the wrong house.', 'unknown'],
];

test.each(cases)('“%s” is %s', (text, code) => {
  expect(failureReason(failed({ errorMessage: text })).code).toBe(code);
  expect(failureReason(failed({ step: { index: 0, name: 'a', errorMessage: text } })).code).toBe(code);
});

test('every kind of failure has a case', () => {
  const tried = new Set<string>([...cases.map(([, code]) => code), 'worker_lost', 'cancelled']);
  expect(failureCodes.filter(code => !tried.has(code))).toEqual([]);
});

test('the sentence says what and where, and what to do follows', () => {
  const [text] = cases[0] ?? [''];
  expect(failureReason(failed({ errorMessage: text }))).toEqual({
    code: 'permission_missing',
    sentence: 'Step 3 “load_costs” failed: the provider did not allow it.',
    todo: 'Give the credential that the pipeline uses the missing permission, then run it again.',
  });
});

test('the step’s own words come before the run’s', () => {
  const step = { index: 0, name: 'extract', errorMessage: 'Read timed out' };
  expect(failureReason(failed({ errorMessage: 'Access denied', step })).code).toBe('timeout');
  expect(failureReason(failed({ errorMessage: 'Access denied', step: { ...step, errorMessage: ' ' } })).code).toBe(
    'permission_missing',
  );
});

test('where nothing is known, nothing is made up', () => {
  expect(failureReason(failed({ errorMessage: 'boom', step: null }))).toEqual({
    code: 'unknown',
    sentence: 'The run failed.',
    todo: null,
  });
  expect(failureReason(failed()).sentence).toBe('Step 3 “load_costs” failed. The worker gave no message.');
  expect(failureReason(failed({ step: null, checks: 14, checksFailed: 2 })).sentence).toBe(
    'The run failed, and 2 of 14 checks failed.',
  );
});

test('a lost worker and a cancelled run are told by the run itself', () => {
  const lost = failed({ leaseExpired: true, worker: 'worker-3', errorMessage: 'lease expired at …' });
  expect(failureReason(lost).sentence).toBe(
    'The run was given up: its worker “worker-3” sent no heartbeat for 900 s, last in step 3 “load_costs”.',
  );
  const cancelled = failed({ status: 'CANCELLED', cancelledBy: 'Mia Kern', errorMessage: 'Read timed out' });
  expect(failureReason(cancelled)).toEqual({
    code: 'cancelled',
    sentence: 'The run was cancelled by Mia Kern.',
    todo: null,
  });
});

test('every failure of the demo is understood', () => {
  const random = seededRandom(1);
  const texts = demoPipelines.flatMap(pipeline => pipeline.failures.map(({ message }) => message(random)));
  expect(texts.filter(text => failureReason(failed({ errorMessage: text })).code === 'unknown')).toEqual([]);
});

test('of an observed run nothing is said of workers and heartbeats', () => {
  const observed = { isObserved: true, step: null };
  expect(failureReason(failed({ ...observed, leaseExpired: true })).sentence).toBe(
    'The run was given up: its orchestrator told nothing of it for 24 hours.',
  );
  expect(failureReason(failed({ ...observed, status: 'CANCELLED' })).sentence).toBe(
    'The run was aborted at its orchestrator.',
  );
  expect(failureReason(failed(observed)).sentence).toBe('The run failed. The orchestrator gave no message.');
});

test('a step whose check failed says so, whatever its message is', () => {
  const step = { index: 2, name: 'test.shop', errorMessage: 'Got 1 result, configured to fail if != 0' };
  expect(failureReason(failed({ step: { ...step, hasFailedCheck: true } }))).toMatchObject({
    code: 'data_check',
    sentence: 'Step 3 “test.shop” failed: its data did not pass a check.',
  });
});

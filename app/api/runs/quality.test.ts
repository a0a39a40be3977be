/** The JSON and CSV of data quality as a key calls them. */
import { beforeAll, expect, test } from 'vitest';
import { GET as getTables } from '@/app/api/runs/checked-tables/route';
import { GET as getChecks } from '@/app/api/runs/checks/route';
import { customerKey } from '@/dev/testing/data-plane';
import { insertPastChecks, insertPastRuns, mirrorRuns } from '@/dev/testing/runs';
import { createWorld } from '@/dev/testing/world';

let key: string;
const call = async (handler: typeof getTables, query: string, bearer = key) => {
  const request = new Request(`http://127.0.0.1/api/x${query}`, { headers: { authorization: `Bearer ${bearer}` } });
  const response = await handler(request, { params: Promise.resolve({}) });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

beforeAll(async () => {
  const world = await createWorld();
  key = (await customerKey(world, ['runs:read'])).text;
  const startTime = new Date(Date.now() - 60_000);
  const [run] = await insertPastRuns(world, [{ pipelineId: 'p', status: 'COMPLETED', startTime, durationMs: 1_000 }]);
  await insertPastChecks(world, run?.pipelineLoggingId ?? '', [
    { targetTable: 'd.costs', executedAt: startTime, overallStatus: 'FAIL', failedExpectations: ['not_null'] },
    { targetTable: '=d.labels', executedAt: startTime, overallStatus: 'PASS' },
  ]);
  await mirrorRuns(world);
});

test('tables come as JSON with their days, narrowed by state', async () => {
  const { status, text } = await call(getTables, '?state=failing');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({ data: [{ table: 'd.costs', status: 'FAIL' }], freshness: 'current' });
});

test('tables come as a file that no spreadsheet runs', async () => {
  const { headers, text } = await call(getTables, '?format=csv');
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="data-quality-[\d-]{10}\.csv"$/);
  expect(text.split('\r\n')[2]).toMatch(/^'=d\.labels,PASS,/);
});

test('checks come page by page as JSON and whole as a file', async () => {
  const first = JSON.parse((await call(getChecks, '?limit=1')).text);
  const rest = JSON.parse((await call(getChecks, `?limit=1&after=${first.next_cursor}`)).text);
  expect([...first.data, ...rest.data].map(check => check.target_table).sort()).toEqual(['=d.labels', 'd.costs']);
  expect(rest.next_cursor).toBeNull();
  const { headers, text } = await call(getChecks, '?status=FAIL&format=csv');
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(text.trim().split('\r\n')).toHaveLength(2);
});

test.each([
  [getTables, '?state=broken'],
  [getTables, '?customer_id=cus_x'],
  [getChecks, '?status=failed'],
  [getChecks, '?from=yesterday'],
  [getChecks, '?after=x'],
  [getChecks, '?limit=5000'],
])('what is not understood is refused: %#', async (handler, query) => {
  expect((await call(handler, query)).status).toBe(400);
});

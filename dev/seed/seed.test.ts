import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the seed writes nothing where BigQuery is the service, whatever NODE_ENV says', () => {
  const env = { ...process.env, NODE_ENV: 'development' as const, BIGQUERY_API_URL: '' };
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'dev/seed/main.ts'], {
    env,
    encoding: 'utf8',
  });
  expect(stderr).toContain('it runs on a local BigQuery only');
  expect(status).toBe(2);
});

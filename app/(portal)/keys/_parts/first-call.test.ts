import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { firstCallOf, keyGap, triedCalls } from '@/app/(portal)/keys/_parts/first-call';
import { customerKey } from '@/dev/testing/data-plane';
import { createWorld } from '@/dev/testing/world';
import { presetRules } from '@/lib/domains/keys/rules';
import { app } from '@/lib/edge/v1/app';
import { listener } from '@/lib/edge/v1/node-server';
import { documentedRoutes } from '@/lib/edge/v1/routes';
import { customerScopes } from '@/lib/kernel/permissions';

const addresses = { dataPlane: 'https://data.example.com', portal: 'https://portal.example.com' };
const called = (scopes: readonly string[]) => firstCallOf('key_1', scopes, addresses);

async function permissionOf(path: string, method: string): Promise<string | null | undefined> {
  if (path.startsWith('/v1/'))
    return documentedRoutes.find(route => route.path === path && route.method === method)?.permission;
  const route = (await import(join(process.cwd(), 'app', path, 'route.ts'))) as Record<
    string,
    { info: { permission: string } }
  >;
  return route[method]?.info.permission;
}

test.each(triedCalls)('$method $path asks for no more than $scope', async ({ scope, method, path }) => {
  expect(await permissionOf(path, method)).toBe(scope);
});

test.each(triedCalls.filter(({ path }) => path.startsWith('/v1/')))(
  'a key with $scope alone makes its call: $method $path',
  async ({ scope, method, path, body }) => {
    const { text } = await customerKey(await createWorld(), [scope]);
    const headers = { authorization: `Bearer ${text}`, 'content-type': 'application/json' };
    const answer = await app.fetch(
      new Request(`http://data-plane${path}`, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
      }),
    );
    expect(answer.status).toBe(scope === 'runs:write' ? 201 : 200);
  },
);

test('a worker’s key starts a run, one that only reads reads quota, and each language has the gap for the key once', () => {
  const worker = called(presetRules.worker.scopes);
  expect(worker.runsHref).toBe('/runs?key=key_1');
  for (const { code } of worker.samples) {
    expect(code).toContain('https://data.example.com/v1/runs');
    expect(code.split(keyGap)).toHaveLength(2);
  }
  expect(worker.samples.map(({ language }) => language)).toEqual(['curl', 'python', 'typescript']);
  expect(called(presetRules.read_only.scopes).samples[0]?.code).toContain('https://data.example.com/v1/quota');
  expect(called(['team:read']).samples[0]?.code).toContain('https://portal.example.com/api/team');
});

test('scopes that only change something have no sample, since one would do harm', () => {
  expect(called(['team:write', 'credentials:read'])).toMatchObject({ does: null, samples: [] });
  const readable = customerScopes.filter(scope => scope.endsWith(':read') && scope !== 'credentials:read');
  const without = readable.filter(scope => called([scope]).does === null);
  expect(without).toEqual([]);
});

const programs: Record<string, { file: string; command: string }> = {
  curl: { file: 'sample.sh', command: 'bash' },
  python: { file: 'sample.py', command: 'python3' },
  typescript: { file: 'sample.mts', command: process.execPath },
};

test('the sample of each language starts a run as it stands, once the key is in it', async () => {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const folder = await mkdtemp(join(tmpdir(), 'first-call-'));
  try {
    const { port } = server.address() as AddressInfo;
    const { text } = await customerKey(await createWorld(), presetRules.worker.scopes.slice());
    const { samples } = firstCallOf('key_1', presetRules.worker.scopes, {
      ...addresses,
      dataPlane: `http://127.0.0.1:${port}`,
    });
    for (const { language, code } of samples) {
      const { file, command } = programs[language] ?? { file: '', command: '' };
      await writeFile(join(folder, file), code.replaceAll(keyGap, text));
      const { stdout } = await promisify(execFile)(command, [file], { cwd: folder, timeout: 20_000 });
      expect(stdout, language).toContain('pipeline_logging_id');
    }
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
}, 60_000);

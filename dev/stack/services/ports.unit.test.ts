import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Ports } from '@/dev/stack/services/ports';

let dir = '';
let busy: Server | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ports-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
  delete process.env.TENANTRY_ONE_PORT;
  busy?.close();
  busy = undefined;
});

const occupy = (port: number) =>
  new Promise<void>(resolve => {
    busy = createServer().listen(port, '127.0.0.1', resolve);
  });

test('the same name gets the same port at the next start, and no two names share one', async () => {
  const first = new Ports(dir, true);
  const [one, two] = [await first.take('one', 0), await first.take('two', 0)];
  expect(one).not.toBe(two);
  expect(await new Ports(dir, true).take('one', 0)).toBe(one);
});

test('a port in use is passed over', async () => {
  const port = await new Ports(dir, true).take('one', 0);
  await occupy(port);
  expect(await new Ports(dir, false).take('one', port)).toBeGreaterThan(port);
});

test('a port asked for in the environment is taken, or refused in a sentence that names it', async () => {
  const port = await new Ports(dir, true).take('other', 0);
  process.env.TENANTRY_ONE_PORT = String(port);
  expect(await new Ports(dir, true).take('one', 1)).toBe(port);
  await occupy(port);
  await expect(new Ports(dir, true).take('one', 1)).rejects.toThrow(`TENANTRY_ONE_PORT=${port}: that port is in use.`);
});

test('a held port is kept from others until it is let go', async () => {
  const ports = new Ports(dir, true);
  const port = await ports.hold('one', 0);
  expect(await new Ports(dir, false).take('one', port)).toBeGreaterThan(port);
  await ports.letGo(port);
  await occupy(port);
  expect(busy?.listening).toBe(true);
});

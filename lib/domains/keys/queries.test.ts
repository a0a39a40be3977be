import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { createKey, renameKey, revokeKey } from '@/lib/domains/keys/commands';
import { customerApiKeysMirror, tenantApiKeysMirror } from '@/lib/domains/keys/mirror';
import { listExpiredKeys, listExpiringKeys, listKeys, readKey } from '@/lib/domains/keys/queries';
import { rotateKey } from '@/lib/domains/keys/rotation';
import { type ApiKey, apiKeys } from '@/lib/domains/keys/tables';
import { flushKeyUses, touchKey } from '@/lib/domains/keys/uses';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { bigquery, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { mergeParameters, mergeSql } from '@/lib/warehouse/mirror/merge-sql';
import { rowText } from '@/lib/warehouse/mirror/payload';
import { flushOnce } from '@/lib/warehouse/mirror/relay';
import { ensureTenantDataset } from '@/lib/warehouse/schemas/apply';

const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs);
const names = (page: { keys: { name: string }[] }) => page.keys.map(key => key.name);

/** Sends this test's keys (and profiles, for the staff question) to BigQuery. */
async function flush(world: World): Promise<void> {
  await flushOnce(
    {
      ...relayDeps(),
      resolveDataset: async customerId => (customerId === world.customerId ? world.tenantDatasetId : null),
      listDatasets: async () => [{ customerId: world.customerId, dataset: world.tenantDatasetId }],
      ensureDataset: dataset => ensureTenantDataset(bigquery(), dataset, env().BIGQUERY_LOCATION).then(() => undefined),
    },
    { mirrors: ['customers.customer_api_keys', 'customers.customer_profiles'] },
  );
}

async function make(world: World, name: string, days: number | null = null): Promise<string> {
  const expires_at = days === null ? null : inDays(days).toISOString();
  const { result } = await createKey(world.system, { name, scopes: ['runs:read', 'runs:write'], expires_at });
  return result.key.api_key_id;
}

describe('a list of keys in BigQuery', () => {
  let world: World;
  let viewer: CustomerCtx;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    world = await createWorld({ companyName: 'List of keys' });
    viewer = world.as('VIEWER');
    for (const [name, days] of [
      ['alpha', null],
      ['Beta loader', 90],
      ['gamma', 3],
      ['delta', null],
    ] as const)
      ids[name] = await make(world, name, days);
    ids.old = await make(world, 'old', 1);
    await db()
      .update(apiKeys)
      .set({ expiresAt: new Date(Date.now() - dayMs), createdAt: new Date(Date.now() - 2 * dayMs) })
      .where(eq(apiKeys.apiKeyId, ids.old));
    await revokeKey(world.system, { api_key_id: ids.delta, reason: 'leaked' });
    const { result } = await rotateKey(world.system, { api_key_id: ids.alpha, grace_seconds: 86_400 });
    ids.alpha2 = result.key.api_key_id;
    touchKey(ids['Beta loader'] ?? '', new Date(Date.now() - 60_000));
    touchKey(ids.gamma ?? '', new Date());
    await flushKeyUses();
    await flush(world);
  });

  test('active keys come first, newest on top, with every column people see', async () => {
    const page = await listKeys(viewer, {});
    expect(names(page)).toEqual(['alpha', 'gamma', 'Beta loader', 'alpha']);
    expect(page).toMatchObject({ total: 4, nextCursor: null, state: 'current', pendingSince: null });
    for (const key of page.keys) {
      const { updating, ...listed } = key;
      expect(updating).toBe(false);
      expect(listed).toEqual(await readKey(viewer, key.api_key_id));
    }
    expect(page.keys.map(key => key.status)).toEqual(['ACTIVE', 'EXPIRES_SOON', 'ACTIVE', 'REPLACED']);
    expect(page.keys[3]).toMatchObject({ replaced_by: ids.alpha2, last_used_at: null });
  });

  test('neither hash nor ciphertext leaves BigQuery', async () => {
    const [row] = await db()
      .select()
      .from(apiKeys)
      .where(eq(apiKeys.apiKeyId, ids.gamma ?? ''));
    const text = JSON.stringify(await listKeys(viewer, { status: 'all' }));
    expect(text).not.toContain(row?.apiKeyHash);
    expect(text).not.toMatch(/hash|encrypted/);
  });

  const filters: [raw: Parameters<typeof listKeys>[1], expected: string[]][] = [
    [{ status: 'expiring' }, ['gamma']],
    [{ status: 'expired' }, ['old']],
    [{ status: 'revoked' }, ['delta']],
    [{ status: 'all' }, ['alpha', 'delta', 'gamma', 'Beta loader', 'alpha', 'old']],
    [{ q: 'LOADER' }, ['Beta loader']],
    [{ q: '%' }, []],
    [{ q: 'live' }, []],
    [{ q: 'ty_live_' }, ['alpha', 'gamma', 'Beta loader', 'alpha']],
    [{ q: "' OR TRUE --" }, []],
    [{ status: 'all', q: 'l' }, ['alpha', 'delta', 'Beta loader', 'alpha', 'old']],
    [{ sort: 'expires', dir: 'asc' }, ['alpha', 'gamma', 'Beta loader', 'alpha']],
    [{ sort: 'last_used', dir: 'desc', status: 'all' }, ['gamma', 'Beta loader']],
  ];
  test.each(filters)('%j', async (raw, expected) => {
    expect(names(await listKeys(viewer, raw)).slice(0, Math.max(expected.length, raw.sort ? 0 : 6))).toEqual(expected);
  });

  test.each(['created', 'last_used', 'expires'] as const)(
    'paged by %s, every key appears once, in both directions',
    async sort => {
      for (const dir of ['asc', 'desc'] as const) {
        const whole = await listKeys(viewer, { status: 'all', sort, dir });
        const paged: string[] = [];
        let after: string | undefined;
        do {
          const page = await listKeys(viewer, { status: 'all', sort, dir, limit: 2, after });
          expect(page.total).toBe(6);
          paged.push(...page.keys.map(key => key.api_key_id));
          after = page.nextCursor ?? undefined;
        } while (after);
        expect(paged).toEqual(whole.keys.map(key => key.api_key_id));
        expect(new Set(paged).size).toBe(6);
      }
    },
  );

  test('another customer sees none of them, neither in the list nor by id', async () => {
    const other = await createWorld();
    expect(await listKeys(other.as('OWNER'), { status: 'all' })).toMatchObject({ keys: [], total: 0 });
    await expect(readKey(other.as('OWNER'), ids.gamma ?? '')).rejects.toMatchObject({ code: 'not_found' });
  });

  test.each(['x', 'e30', '', '"', Buffer.from('{"position":"1","id":"a"}').toString('base64url')])(
    'the cursor %j is refused',
    async after => {
      await expect(listKeys(viewer, { after })).rejects.toMatchObject({ status: 400 });
    },
  );

  test('a key without keys:read is refused', async () => {
    const ctx: CustomerCtx = { ...viewer, actor: { type: 'api_key', id: 'k', name: 'k', scopes: ['runs:read'] } };
    await expect(listKeys(ctx, {})).rejects.toMatchObject({ code: 'insufficient_scope' });
    await expect(readKey(ctx, ids.gamma ?? '')).rejects.toMatchObject({ code: 'insufficient_scope' });
  });

  test('what ends soon agrees with the list', async () => {
    expect((await listExpiringKeys(viewer, {})).rows.map(row => row.api_key_id)).toEqual([ids.gamma]);
  });

  test('staff see the expired key that is still active, nobody else may ask', async () => {
    const staff = {
      ...world.system,
      customerId: null,
      tenantDatasetId: null,
      actor: { type: 'staff', id: 'sam' },
    } as const;
    const mine = (await listExpiredKeys(staff, {})).rows.filter(row => row.customer_id === world.customerId);
    expect(mine).toMatchObject([{ company_name: 'List of keys', key_name: 'old', last_used_at: null }]);
    await expect(listExpiredKeys(world.as('OWNER'), {})).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('both BigQuery tables equal Postgres, column for column', async () => {
    const rows = await db().select().from(apiKeys).where(eq(apiKeys.customerId, world.customerId));
    const byId = (a: { api_key_id: string }, b: { api_key_id: string }) => (a.api_key_id < b.api_key_id ? -1 : 1);
    const { rows: copies } = await runStatement({
      name: 'test',
      sql: 'SELECT * FROM customers.customer_api_keys WHERE customer_id = @id',
      parameters: { id: { type: 'STRING', value: world.customerId } },
    });
    expect((copies as { api_key_id: string }[]).sort(byId)).toEqual(rows.map(customerApiKeysMirror.toRow).sort(byId));
    await sendToTenant(world, rows);
    const tenant = await runStatement({ name: 'test', sql: `SELECT * FROM \`${world.tenantDatasetId}.api_keys\`` });
    expect((tenant.rows as { api_key_id: string }[]).sort(byId)).toEqual(
      rows.map(tenantApiKeysMirror.toRow).sort(byId),
    );
    expect(Object.keys(tenant.rows[0] ?? {})).not.toContain('encrypted_api_key');
  });
});

/** The relay's own statement, for this customer alone: other tests' changes wait for a relay that knows their datasets. */
async function sendToTenant(world: World, rows: ApiKey[]): Promise<void> {
  const { shape, toRow } = tenantApiKeysMirror;
  await ensureTenantDataset(bigquery(), world.tenantDatasetId, env().BIGQUERY_LOCATION);
  const texts = rows.map(row => rowText(shape, toRow(row)));
  await runStatement({
    name: 'test',
    sql: mergeSql(shape, world.tenantDatasetId, 'upsert'),
    parameters: mergeParameters(shape, texts, []),
  });
}

test('a change on its way to BigQuery shows at once, marked as updating', async () => {
  const world = await createWorld();
  const viewer = world.as('VIEWER');
  const first = await make(world, 'first');
  await flush(world);
  expect(await listKeys(viewer, {})).toMatchObject({ total: 1, keys: [{ name: 'first', updating: false }] });
  await renameKey(world.system, { api_key_id: first, name: 'renamed' });
  const second = await make(world, 'second');
  const page = await listKeys(viewer, {});
  expect(page.keys.map(key => [key.name, key.updating])).toEqual([
    ['second', true],
    ['renamed', true],
  ]);
  expect(page.total).toBe(2);
  expect(page.pendingSince).toBeInstanceOf(Date);
  await revokeKey(world.system, { api_key_id: second });
  expect(names(await listKeys(viewer, {}))).toEqual(['renamed']);
  await flush(world);
  expect(await listKeys(viewer, {})).toMatchObject({
    total: 1,
    pendingSince: null,
    keys: [{ name: 'renamed', updating: false }],
  });
});

test('a repeat of the same view asks BigQuery nothing', async () => {
  const world = await createWorld();
  await make(world, 'first');
  await flush(world);
  const [once, again] = [await listKeys(world.as('VIEWER'), {}), await listKeys(world.as('OWNER'), {})];
  expect(again.readAt).toEqual(once.readAt);
});

/** Reads of API keys for pages and the API: lists from BigQuery with changes on their way laid over them. */
import { and, eq, getTableColumns } from 'drizzle-orm';
import { z } from 'zod';
import { keyId, type ListKeysInput, listKeysInput } from '@/lib/domains/keys/input';
import { customerApiKeysMirror } from '@/lib/domains/keys/mirror';
import { type KeyStatus, type RateTier, statusOfKey } from '@/lib/domains/keys/rules';
import { apiKeys } from '@/lib/domains/keys/tables';
import { type KeyView, type ReadableKey, viewOf } from '@/lib/domains/keys/view';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { changedRows } from '@/lib/warehouse/query/changed-rows';
import { defineQuery, defineStaffQuery } from '@/lib/warehouse/query/define-query';
import { ascending, overlayOf } from '@/lib/warehouse/query/overlay';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';
import { tables } from '@/lib/warehouse/rows/customers';
import { rowSchema } from '@/lib/warehouse/schemas/table-shape';

const {
  api_key_hash: _hash,
  encrypted_api_key: _sealed,
  customer_id: _customer,
  ...shown
} = tables.customer_api_keys.columns;

/** One row of the list: what a key shows of itself, its place in the order, and how many match. */
const keyRow = rowSchema({ ...tables.customer_api_keys, columns: shown }).extend({
  replaced_by: z.string().nullable(),
  position: z.number(),
  total: z.number(),
});
type KeyRow = z.output<typeof keyRow>;

const cursor = z.strictObject({ position: z.int(), id: keyId });

/** Neither hash nor ciphertext is read to show a key. */
const { apiKeyHash: _hashed, encryptedApiKey: _encrypted, ...readable } = getTableColumns(apiKeys);
/** What every overlay of keys reads. */
const changedKeys = {
  mirrors: [customerApiKeysMirror.name],
  read: changedRows(apiKeys, {
    key: apiKeys.apiKeyId,
    customer: apiKeys.customerId,
    changedAt: apiKeys.updatedAt,
    columns: readable,
  }),
  sourceKey: (key: ReadableKey) => key.apiKeyId,
};

const statusesOf: Record<ListKeysInput['status'], readonly KeyStatus[]> = {
  active: ['ACTIVE', 'EXPIRES_SOON', 'REPLACED'],
  expiring: ['EXPIRES_SOON'],
  expired: ['EXPIRED'],
  revoked: ['REVOKED'],
  all: ['ACTIVE', 'EXPIRES_SOON', 'REPLACED', 'EXPIRED', 'REVOKED'],
};

/** Whether the search finds the key; sql/keys/list-keys.sql decides alike. */
function isFound(key: ReadableKey, q: string): boolean {
  if (q === '' || key.apiKeyId === q || key.keyName.toLowerCase().includes(q.toLowerCase())) return true;
  return [...q].length >= 4 && (key.keyPrefix.startsWith(q) || key.keyPrefix.endsWith(`_${q}`));
}

const never = Date.parse('0001-01-01T00:00:00Z');
const always = Date.parse('9999-12-31T00:00:00Z');
const positions: Record<ListKeysInput['sort'], (key: ReadableKey) => number> = {
  created: key => key.createdAt.getTime(),
  last_used: key => key.lastUsedAt?.getTime() ?? never,
  expires: key => key.expiresAt?.getTime() ?? always,
};

/** The row as sql/keys/list-keys.sql answers it, but for the count; null where it is left out. */
function listedRow(key: ReadableKey, params: ListKeysInput, now: Date): KeyRow | null {
  const { name, status, credential_ids, ...columns } = viewOf(key, now);
  const position = (params.dir === 'asc' ? 1 : -1) * positions[params.sort](key);
  const after = params.after === undefined ? null : decodeCursor(cursor, params.after);
  const isBefore = after && (ascending(position, after.position) || ascending(columns.api_key_id, after.id)) <= 0;
  if (isBefore || !statusesOf[params.status].includes(status) || !isFound(key, params.q)) return null;
  // BigQuery has no null in the place of a list.
  const bound = credential_ids ?? [];
  return { ...columns, credential_ids: bound, key_name: name, is_active: key.isActive, position, total: 0 };
}

/** The customer's keys by filter and order, one page. */
const keyRows = defineQuery({
  name: 'api_key.list',
  permission: 'keys:read',
  sql: 'keys/list-keys.sql',
  params: listKeysInput,
  pageSize: params => params.limit,
  bind: params => {
    const after = params.after === undefined ? null : decodeCursor(cursor, params.after);
    return {
      q: { type: 'STRING', value: params.q },
      status: { type: 'STRING', value: params.status },
      sort: { type: 'STRING', value: params.sort },
      dir: { type: 'STRING', value: params.dir },
      is_later_page: { type: 'BOOL', value: after !== null },
      after_position: { type: 'INT64', value: after?.position ?? 0 },
      after_id: { type: 'STRING', value: after?.id ?? '' },
    };
  },
  row: keyRow,
  overlay: overlayOf({
    ...changedKeys,
    rowOf: (key, { params, now }: { params: ListKeysInput; now: Date }) => listedRow(key, params, now),
    rowKey: row => row.api_key_id,
    compare: (a, b) => ascending(a.position, b.position) || ascending(a.api_key_id, b.api_key_id),
    // A use on its way to BigQuery is no change of the key itself.
    isSame: (copy, now) => copy.updated_at.getTime() === now.updated_at.getTime(),
  }),
});

export type ListedKey = KeyView & {
  /** True while BigQuery has not got the key's last change; the row is then Postgres'. */
  updating: boolean;
};

export type KeyPage = RowsAge & {
  keys: ListedKey[];
  /** How many keys match in all. */
  total: number;
  nextCursor: string | null;
};

function fromRow(row: KeyRow, now: Date, updating: boolean): ListedKey {
  const { key_name, is_active, position: _position, total: _total, rate_limit_tier, ...columns } = row;
  const state = {
    isActive: is_active,
    expiresAt: row.expires_at,
    deactivatedAt: row.deactivated_at,
    replaced: row.replaced_by !== null,
  };
  return {
    ...columns,
    name: key_name,
    status: statusOfKey(state, now),
    credential_ids: row.credential_ids.length > 0 ? row.credential_ids : null,
    rate_limit_tier: (rate_limit_tier ?? 'STANDARD') as RateTier,
    updating,
  };
}

/** One page of the customer's keys with changes on their way shown at once. AppError invalid_cursor, warehouse_unavailable. */
export async function listKeys(ctx: Ctx, raw: z.input<typeof listKeysInput>): Promise<KeyPage> {
  const { rows, more, added, updating, ...age } = await keyRows(ctx, raw);
  const last = more ? rows.at(-1) : undefined;
  const counted = Math.max(0, ...rows.map(row => row.total));
  return {
    ...age,
    keys: rows.map(row => fromRow(row, ctx.clock(), updating.has(row.api_key_id))),
    total: Math.max(rows.length, counted + added),
    nextCursor: last ? encodeCursor({ position: last.position, id: last.api_key_id }) : null,
  };
}

/** One key of the caller's customer as it is now, from Postgres: what dialogs and details must not get wrong. AppError not_found. */
export async function readKey(ctx: Ctx, apiKeyId: string): Promise<KeyView> {
  await authorise(ctx, 'keys:read', 'api_key.read');
  const mine = and(eq(apiKeys.customerId, requireCustomer(ctx).customerId), eq(apiKeys.apiKeyId, apiKeyId));
  const [key] = keyId.safeParse(apiKeyId).success ? await db().select(readable).from(apiKeys).where(mine) : [];
  if (!key) throw new AppError('not_found', 'There is no such API key.');
  return viewOf(key, ctx.clock());
}

/** Keys that end within 14 days and have no replacement, for "Needs attention"; at most 20. */
export const listExpiringKeys = defineQuery({
  name: 'api_key.list_expiring',
  permission: 'keys:read',
  sql: 'keys/list-expiring.sql',
  params: z.strictObject({}),
  pageSize: () => 20,
  row: z.strictObject({ api_key_id: z.string(), key_name: z.string(), expires_at: z.date() }),
  overlay: overlayOf({
    ...changedKeys,
    rowOf: (key, { now }) =>
      key.expiresAt && statusOfKey({ ...key, replaced: key.replacedBy !== null }, now) === 'EXPIRES_SOON'
        ? { api_key_id: key.apiKeyId, key_name: key.keyName, expires_at: key.expiresAt }
        : null,
    rowKey: row => row.api_key_id,
    compare: (a, b) => ascending(a.expires_at, b.expires_at) || ascending(a.api_key_id, b.api_key_id),
  }),
});

/** Expired keys still marked active, of all customers. Source: docs/spec/requirements.md, C-53. */
export const listExpiredKeys = defineStaffQuery({
  name: 'api_key.list_expired',
  sql: 'keys/list-expired.sql',
  params: z.strictObject({}),
  row: z.strictObject({
    company_name: z.string(),
    customer_id: z.string(),
    api_key_id: z.string(),
    key_name: z.string(),
    created_by: z.string(),
    expires_at: z.date(),
    last_used_at: z.date().nullable(),
  }),
});

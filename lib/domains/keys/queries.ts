/** Reads of API keys for pages and the API: lists from BigQuery, changes on their way there from Postgres. */
import { and, desc, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { keyId, type ListKeysInput, listKeysInput } from '@/lib/domains/keys/input';
import { customerApiKeysMirror } from '@/lib/domains/keys/mirror';
import { type KeyStatus, type RateTier, statusOfKey } from '@/lib/domains/keys/rules';
import { apiKeys } from '@/lib/domains/keys/tables';
import { type KeyView, viewOf } from '@/lib/domains/keys/view';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { defineQuery, defineStaffQuery } from '@/lib/warehouse/query/define-query';
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

const cursor = z.strictObject({ position: z.int(), id: keyId });

/** The customer's keys by filter and order, one page; `limit` + 1 rows, so that the caller sees whether more follow. */
const keyRows = defineQuery({
  name: 'api_key.list',
  permission: 'keys:read',
  sql: 'keys/list-keys.sql',
  params: listKeysInput,
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
      row_limit: { type: 'INT64', value: params.limit + 1 },
    };
  },
  row: keyRow,
});

export type ListedKey = KeyView & {
  /** True while BigQuery has not got the key's last change; the row is then Postgres'. */
  updating: boolean;
};

export type KeyPage = {
  keys: ListedKey[];
  /** How many keys match in all. */
  total: number;
  nextCursor: string | null;
  readAt: Date;
  stale: boolean;
  pendingSince: Date | null;
};

function fromRow(row: z.output<typeof keyRow>, now: Date): ListedKey {
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
    rate_limit_tier: (rate_limit_tier ?? 'STANDARD') as RateTier,
    updating: false,
  };
}

const statusesOf: Record<ListKeysInput['status'], readonly KeyStatus[]> = {
  active: ['ACTIVE', 'EXPIRES_SOON', 'REPLACED'],
  expiring: ['EXPIRES_SOON'],
  expired: ['EXPIRED'],
  revoked: ['REVOKED'],
  all: ['ACTIVE', 'EXPIRES_SOON', 'REPLACED', 'EXPIRED', 'REVOKED'],
};

/** The customer's keys whose change waits for the mirror, newest first; at most 50. */
async function changingKeys(ctx: Ctx): Promise<KeyView[]> {
  const { customerId } = requireCustomer(ctx);
  const waiting = db()
    .select({ key: outbox.key })
    .from(outbox)
    .where(and(eq(outbox.mirror, customerApiKeysMirror.name), eq(outbox.customerId, customerId)));
  const rows = await db()
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.customerId, customerId), inArray(apiKeys.apiKeyId, waiting)))
    .orderBy(desc(apiKeys.updatedAt))
    .limit(50);
  return rows.map(row => viewOf(row, ctx.clock()));
}

/** Puts changes on their way over the rows BigQuery answered; new keys go on top of the first page. */
function overlay(
  listed: ListedKey[],
  changing: KeyView[],
  params: ListKeysInput,
): { keys: ListedKey[]; added: number } {
  const wanted = statusesOf[params.status];
  const changed = new Map(changing.map(key => [key.api_key_id, key]));
  const keys = listed.flatMap(key => {
    const now = changed.get(key.api_key_id);
    if (!now) return [key];
    // A use on its way to BigQuery is no change of the key itself.
    if (now.updated_at.getTime() === key.updated_at.getTime()) return [{ ...key, last_used_at: now.last_used_at }];
    return wanted.includes(now.status) ? [{ ...now, updating: true }] : [];
  });
  if (params.after !== undefined || params.q !== '') return { keys, added: keys.length - listed.length };
  const known = new Set(listed.map(key => key.api_key_id));
  const fresh = changing.filter(key => !known.has(key.api_key_id) && wanted.includes(key.status) && isNew(key));
  return {
    keys: [...fresh.map(key => ({ ...key, updating: true })), ...keys],
    added: keys.length + fresh.length - listed.length,
  };
}

/** A key created in this change, as opposed to one that stands on another page. */
const isNew = (key: KeyView): boolean => key.updated_at.getTime() === key.created_at.getTime();

/** One page of the customer's keys with changes on their way shown at once. AppError invalid_cursor, warehouse_unavailable. */
export async function listKeys(ctx: Ctx, raw: z.input<typeof listKeysInput>): Promise<KeyPage> {
  const answer = await keyRows(ctx, raw);
  const params = listKeysInput.parse(raw);
  const page = answer.rows.slice(0, params.limit);
  const last = answer.rows.length > params.limit ? page.at(-1) : undefined;
  const changing = answer.pendingSince ? await changingKeys(ctx) : [];
  const { keys, added } = overlay(
    page.map(row => fromRow(row, ctx.clock())),
    changing,
    params,
  );
  return {
    keys,
    total: Math.max(keys.length, (answer.rows[0]?.total ?? 0) + added),
    nextCursor: last ? encodeCursor({ position: last.position, id: last.api_key_id }) : null,
    readAt: answer.readAt,
    stale: answer.stale,
    pendingSince: answer.pendingSince,
  };
}

/** One key of the caller's customer as it is now, from Postgres: what dialogs and details must not get wrong. AppError not_found. */
export async function readKey(ctx: Ctx, apiKeyId: string): Promise<KeyView> {
  await authorise(ctx, 'keys:read', 'api_key.read');
  const mine = and(eq(apiKeys.customerId, requireCustomer(ctx).customerId), eq(apiKeys.apiKeyId, apiKeyId));
  const [key] = keyId.safeParse(apiKeyId).success ? await db().select().from(apiKeys).where(mine) : [];
  if (!key) throw new AppError('not_found', 'There is no such API key.');
  return viewOf(key, ctx.clock());
}

/** How many keys the customer has, how many work, how many of those end within 14 days without a replacement. */
export const countKeys = defineQuery({
  name: 'api_key.count',
  permission: 'keys:read',
  sql: 'keys/count-keys.sql',
  params: z.strictObject({}),
  row: z.strictObject({ all_keys: z.number(), working_keys: z.number(), expiring_keys: z.number() }),
});

/** Keys that end within 14 days and have no replacement, for "Needs attention"; at most 20. */
export const listExpiringKeys = defineQuery({
  name: 'api_key.list_expiring',
  permission: 'keys:read',
  sql: 'keys/list-expiring.sql',
  params: z.strictObject({}),
  row: z.strictObject({ api_key_id: z.string(), key_name: z.string(), expires_at: z.date() }),
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

/** Reads of credentials for pages and the API: the list from BigQuery with changes on their way, one from Postgres. Never a secret. */
import { and, asc, eq, getTableColumns } from 'drizzle-orm';
import { z } from 'zod';
import { credentialId, type ListCredentialsInput, listCredentialsInput } from '@/lib/domains/credentials/input';
import { credentialsMirror } from '@/lib/domains/credentials/mirror';
import {
  type CredentialHealth,
  credentialKinds,
  credentialProviders,
  credentialTypes,
  healthOf,
  validationStatuses,
} from '@/lib/domains/credentials/rules';
import { noSuchCredential } from '@/lib/domains/credentials/stored-credential';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { type CredentialView, type ReadableCredential, viewOf } from '@/lib/domains/credentials/view';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { repositories } from '@/lib/domains/pull-requests/tables';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { storableText } from '@/lib/kernel/storable';
import { db } from '@/lib/platform/db';
import { changedRows } from '@/lib/warehouse/query/changed-rows';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { ascending, overlayOf } from '@/lib/warehouse/query/overlay';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';
import { tables } from '@/lib/warehouse/rows/customers';
import { rowSchema } from '@/lib/warehouse/schemas/table-shape';

const { encrypted_credentials: _sealed, customer_id: _customer, ...shown } = tables.customer_cloud_credentials.columns;

/** One row of the list: what a credential shows of itself, its place in the order, and how many match. */
const credentialRow = rowSchema({ ...tables.customer_cloud_credentials, columns: shown }).extend({
  provider: z.enum(credentialProviders),
  credential_type: z.enum(credentialTypes),
  validation_status: z.enum(validationStatuses).nullable(),
  kind: z.enum(credentialKinds),
  secret_hint: z.string(),
  secret_version: z.number(),
  secret_stored_at: z.date(),
  usage_count: z.number(),
  position: z.string(),
  total: z.number(),
});
type CredentialRow = z.output<typeof credentialRow>;

/** A position is one of the chosen order: that of another order would start anywhere. */
const cursorOf = (sort: ListCredentialsInput['sort']) =>
  z.strictObject({
    position: sort === 'name' ? storableText(400) : z.string().regex(/^\d{15}$/),
    id: credentialId,
  });

/** Neither secret is read to show a credential. */
const {
  encryptedCredentials: _current,
  previousCredentials: _previous,
  ...readable
} = getTableColumns(cloudCredentials);

const healthFilter: Record<CredentialHealth, ListCredentialsInput['health'] | null> = {
  HEALTHY: 'healthy',
  EXPIRES_SOON: 'expires_soon',
  FAILING: 'failing',
  EXPIRED: 'expired',
  UNTESTED: 'untested',
  DELETED: null,
};

const instantText = (at: Date | null, none: string): string => (at ? String(at.getTime()).padStart(15, '0') : none);
/** What sql/credentials/list-credentials.sql sorts by. */
const positions: Record<ListCredentialsInput['sort'], (row: ReadableCredential) => string> = {
  created: row => instantText(row.createdAt, ''),
  name: row => row.credentialName.toLowerCase(),
  expires: row => instantText(row.expiresAt, '9'.repeat(15)),
  last_used: row => instantText(row.lastUsedAt, '0'.repeat(15)),
};

type Place = { position: string; credential_id: string };
const inOrder = (a: Place, b: Place, { dir }: ListCredentialsInput): number =>
  (dir === 'asc' ? 1 : -1) * ascending(a.position, b.position) || ascending(a.credential_id, b.credential_id);

/** Whether filters and search keep the credential; sql/credentials/list-credentials.sql decides alike. */
function isFound(row: ReadableCredential, { q, provider, health }: ListCredentialsInput, now: Date): boolean {
  const found = healthFilter[healthOf(row, now)];
  if (found === null || (health !== 'all' && found !== health) || (provider && row.provider !== provider)) return false;
  if (q === '' || row.credentialId === q || row.credentialName.toLowerCase().includes(q.toLowerCase())) return true;
  return [...q].length >= 4 && row.secretHint.startsWith(q);
}

/** The row as the statement answers it, but for the count; null where it is left out. */
function listedRow(row: ReadableCredential, params: ListCredentialsInput, now: Date): CredentialRow | null {
  const { name, health: _health, required_permissions: _asked, last_check: _check, ...view } = viewOf(row, now);
  const listed = { ...view, credential_name: name, previous_until: row.previousUntil, total: 0 };
  const placed = { ...listed, position: positions[params.sort](row) };
  if (!isFound(row, params, now)) return null;
  if (params.after === undefined) return placed;
  const { position, id } = decodeCursor(cursorOf(params.sort), params.after);
  return inOrder(placed, { position, credential_id: id }, params) <= 0 ? null : placed;
}

/** The customer's credentials by filter and order, one page. */
const credentialRows = defineQuery({
  name: 'credential.list',
  permission: 'providers:read',
  sql: 'credentials/list-credentials.sql',
  params: listCredentialsInput,
  pageSize: params => params.limit,
  bind: params => {
    const after = params.after === undefined ? null : decodeCursor(cursorOf(params.sort), params.after);
    return {
      q: { type: 'STRING', value: params.q },
      provider: { type: 'STRING', value: params.provider ?? '' },
      health: { type: 'STRING', value: params.health },
      sort: { type: 'STRING', value: params.sort },
      dir: { type: 'STRING', value: params.dir },
      is_later_page: { type: 'BOOL', value: after !== null },
      after_position: { type: 'STRING', value: after?.position ?? '' },
      after_id: { type: 'STRING', value: after?.id ?? '' },
    };
  },
  row: credentialRow,
  overlay: overlayOf({
    mirrors: [credentialsMirror.name],
    read: changedRows(cloudCredentials, {
      key: cloudCredentials.credentialId,
      customer: cloudCredentials.customerId,
      changedAt: cloudCredentials.updatedAt,
      columns: readable,
    }),
    sourceKey: (row: ReadableCredential) => row.credentialId,
    rowOf: (row, { params, now }: { params: ListCredentialsInput; now: Date }) => listedRow(row, params, now),
    rowKey: row => row.credential_id,
    compare: inOrder,
    // A use on its way to BigQuery is no change of the credential itself.
    isSame: (copy, now) => copy.updated_at.getTime() === now.updated_at.getTime(),
  }),
});

/** A credential in a list; what a test found step by step is on its own page. */
export type ListedCredential = Omit<CredentialView, 'required_permissions' | 'last_check'> & {
  /** True while BigQuery has not got the last change; the row is then Postgres'. */
  updating: boolean;
};

export type CredentialPage = RowsAge & {
  credentials: ListedCredential[];
  /** How many match in all. */
  total: number;
  nextCursor: string | null;
};

function fromRow(row: CredentialRow, now: Date, updating: boolean): ListedCredential {
  const { credential_name, position: _position, total: _total, previous_until, ...columns } = row;
  const state = { isActive: row.is_active, expiresAt: row.expires_at, validationStatus: row.validation_status };
  return {
    ...columns,
    name: credential_name,
    health: healthOf(state, now),
    previous_until: previous_until && previous_until > now ? previous_until : null,
    updating,
  };
}

/** One page of the customer's credentials, changes on their way shown at once. AppError invalid_cursor, warehouse_unavailable. */
export async function listCredentials(ctx: Ctx, raw: z.input<typeof listCredentialsInput>): Promise<CredentialPage> {
  const { rows, more, added, updating, ...age } = await credentialRows(ctx, raw);
  const last = more ? rows.at(-1) : undefined;
  const counted = Math.max(0, ...rows.map(row => row.total));
  return {
    ...age,
    credentials: rows.map(row => fromRow(row, ctx.clock(), updating.has(row.credential_id))),
    total: Math.max(rows.length, counted + added),
    nextCursor: last ? encodeCursor({ position: last.position, id: last.credential_id }) : null,
  };
}

export type CredentialDetails = CredentialView & {
  used_by: { config_id: string; name: string; is_active: boolean }[];
  /** Connected repositories that are read by it. */
  repositories: { repository_id: string; name: string }[];
};

/** One credential as it is now, from Postgres, with the provider configs and repositories that name it. AppError not_found. */
export async function findCredential(ctx: Ctx, id: string): Promise<CredentialDetails> {
  await authorise(ctx, 'providers:read', 'credential.read');
  const { customerId } = requireCustomer(ctx);
  if (!credentialId.safeParse(id).success) throw noSuchCredential();
  const mine = and(eq(cloudCredentials.customerId, customerId), eq(cloudCredentials.credentialId, id));
  const [row] = await db().select(readable).from(cloudCredentials).where(mine);
  if (!row) throw noSuchCredential();
  const { configId, configName, isActive } = providerConfigs;
  const usedBy = await db()
    .select({ config_id: configId, name: configName, is_active: isActive })
    .from(providerConfigs)
    .where(and(eq(providerConfigs.customerId, customerId), eq(providerConfigs.credentialId, id)))
    .orderBy(asc(configName), asc(configId));
  const reads = await db()
    .select({ repository_id: repositories.repositoryId, name: repositories.repoSlug })
    .from(repositories)
    .where(
      and(eq(repositories.customerId, customerId), eq(repositories.credentialId, id), eq(repositories.isActive, true)),
    )
    .orderBy(asc(repositories.repoSlug));
  return { ...viewOf(row, ctx.clock()), used_by: usedBy, repositories: reads };
}

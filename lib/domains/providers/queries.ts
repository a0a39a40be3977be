/** Reads of provider configs for pages and the API: lists from BigQuery with changes on their way laid over them. */
import { and, eq, getTableColumns, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { viewOf as credentialViewOf } from '@/lib/domains/credentials/view';
import { configId, type ListConfigsInput, listConfigsInput } from '@/lib/domains/providers/input';
import { countProviders, type ProviderUse } from '@/lib/domains/providers/limit';
import { configsMirror } from '@/lib/domains/providers/mirror';
import { maxConfigs } from '@/lib/domains/providers/rules';
import { noSuchConfig } from '@/lib/domains/providers/stored-config';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { type ConfigView, type ReadableConfig, viewOf } from '@/lib/domains/providers/view';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { parseInput } from '@/lib/kernel/input';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { changedRows } from '@/lib/warehouse/query/changed-rows';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import { ascending, overlayOf } from '@/lib/warehouse/query/overlay';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';
import { tables } from '@/lib/warehouse/rows/customers';
import { rowSchema } from '@/lib/warehouse/schemas/table-shape';

/** Neither the webhook, nor JSON that only one config's page shows, nor what runs move on. */
const {
  customer_id: _customer,
  slack_webhook_url: _webhook,
  default_parameters: _parameters,
  pipeline_template_overrides: _overrides,
  last_run_at: _run,
  last_success_at: _success,
  last_failure_at: _failure,
  consecutive_failures: _failures,
  ...shown
} = tables.customer_provider_configs.columns;

/** One row of the list as BigQuery has it: what people chose. */
const configRow = rowSchema({ ...tables.customer_provider_configs, columns: shown });
type ConfigRow = z.output<typeof configRow>;

/** The ciphertext is not read to show a config. */
const { sealedSlackWebhook: _sealed, ...readable } = getTableColumns(providerConfigs);

function isFound(config: ReadableConfig, q: string): boolean {
  const holds = (text: string | null) => (text ?? '').toLowerCase().includes(q.toLowerCase());
  return config.configId === q || [config.configName, config.pipelineId, config.description].some(holds);
}

const lets = (wanted: string | undefined, value: string | null): boolean => wanted === undefined || wanted === value;

/** The row as sql/providers/list-configs.sql answers it; null where the filters leave it out. */
function listedRow(config: ReadableConfig, params: ListConfigsInput): ConfigRow | null {
  const { provider, domain, credential, tag, state, q } = params;
  const isWanted =
    lets(provider, config.provider) &&
    lets(domain, config.domain) &&
    lets(credential, config.credentialId) &&
    (tag === undefined || config.tags.includes(tag)) &&
    (state === 'all' || config.isActive === (state === 'on')) &&
    isFound(config, q);
  if (!isWanted) return null;
  const view = viewOf(config);
  const row = { ...view, config_name: view.name };
  return configRow.strip().parse(row);
}

/** The configs that the filters let through; without order, as there are few. */
const configRows = defineQuery({
  name: 'provider_config.list',
  permission: 'providers:read',
  sql: 'providers/list-configs.sql',
  params: listConfigsInput,
  pageSize: () => maxConfigs,
  bind: ({ q, provider = '', domain = '', credential = '', tag = '', state }) => ({
    q: { type: 'STRING', value: q },
    provider: { type: 'STRING', value: provider },
    domain: { type: 'STRING', value: domain },
    credential: { type: 'STRING', value: credential },
    tag: { type: 'STRING', value: tag },
    state: { type: 'STRING', value: state },
  }),
  row: configRow,
  overlay: overlayOf({
    mirrors: [configsMirror.name],
    read: changedRows(providerConfigs, {
      key: providerConfigs.configId,
      customer: providerConfigs.customerId,
      changedAt: providerConfigs.updatedAt,
      columns: readable,
    }),
    sourceKey: config => config.configId,
    rowOf: (config: ReadableConfig, { params }: { params: ListConfigsInput }) => listedRow(config, params),
    rowKey: row => row.config_id,
    compare: (a, b) => ascending(a.config_id, b.config_id),
    // A run of a config is no change of the config itself.
    isSame: (copy, now) => copy.updated_at.getTime() === now.updated_at.getTime(),
  }),
});

export type ListedConfig = ConfigView & {
  /** True while BigQuery has not got the config's last change; the row is then Postgres'. */
  updating: boolean;
};

export type ConfigPage = RowsAge & {
  configs: ListedConfig[];
  /** How many configs match in all. */
  total: number;
  nextCursor: string | null;
};

type Position = { position: number | string; id: string };
const cursorOf = (sort: ListConfigsInput['sort']) =>
  z.strictObject({ position: sort === 'name' ? z.string().max(400) : z.int(), id: configId });

const never = Date.parse('0001-01-01T00:00:00Z');
const always = Date.parse('9999-12-31T00:00:00Z');
const positions: Record<ListConfigsInput['sort'], (config: ConfigView) => number | string> = {
  name: config => config.name.toLowerCase(),
  created: config => config.created_at.getTime(),
  last_run: config => config.last_run_at?.getTime() ?? never,
  next_run: config => config.next_run_at?.getTime() ?? always,
};

const positionOf = (config: ConfigView, sort: ListConfigsInput['sort']): Position => ({
  position: positions[sort](config),
  id: config.config_id,
});

/** Order along the chosen column; below zero where `a` comes first. Ids settle what is equal, always upwards. */
const order = (a: Position, b: Position, dir: 'asc' | 'desc'): number =>
  (dir === 'asc' ? 1 : -1) * ascending(a.position, b.position) || ascending(a.id, b.id);

/** What runs move on and what only Postgres keeps, of the customer's configs by id. */
async function movingColumns(ctx: Ctx, ids: string[]): Promise<Map<string, ReadableConfig>> {
  if (ids.length === 0) return new Map();
  const { customerId } = requireCustomer(ctx);
  const own = and(eq(providerConfigs.customerId, customerId), inArray(providerConfigs.configId, ids));
  const rows = await db().select(readable).from(providerConfigs).where(own);
  return new Map(rows.map(row => [row.configId, row]));
}

/** One page of the customer's configs with changes on their way shown at once. AppError invalid_cursor, warehouse_unavailable. */
export async function listConfigs(ctx: Ctx, raw: z.input<typeof listConfigsInput>): Promise<ConfigPage> {
  await authorise(ctx, 'providers:read', 'provider_config.list');
  const { after, ...asked } = raw;
  const { sort, dir, limit, ...filters } = parseInput(listConfigsInput, asked);
  const from: Position | null = after === undefined ? null : decodeCursor(cursorOf(sort), after);
  const { rows, more: _more, added: _added, updating, ...age } = await configRows(ctx, filters);
  const moving = await movingColumns(
    ctx,
    rows.map(row => row.config_id),
  );
  const found = rows
    .flatMap(({ config_name, ...row }) => {
      const now = moving.get(row.config_id);
      if (!now) return [];
      const view = { ...viewOf(now), ...row, name: config_name } as ConfigView;
      return [{ ...view, updating: updating.has(row.config_id) }];
    })
    .sort((a, b) => order(positionOf(a, sort), positionOf(b, sort), dir));
  const rest = from ? found.filter(config => order(positionOf(config, sort), from, dir) > 0) : found;
  const configs = rest.slice(0, limit);
  const last = rest.length > limit ? configs.at(-1) : undefined;
  const nextCursor = last ? encodeCursor(positionOf(last, sort)) : null;
  return { ...age, configs, total: found.length, nextCursor };
}

/** A config with what a page says of its credential. */
export type FoundConfig = ConfigView & {
  credential: Pick<ReturnType<typeof credentialViewOf>, 'credential_id' | 'name' | 'provider' | 'health'> | null;
};

const {
  encryptedCredentials: _secret,
  previousCredentials: _previous,
  ...credentialColumns
} = getTableColumns(cloudCredentials);

/** One config of the caller's customer as it is now, from Postgres. AppError not_found. */
export async function findConfig(ctx: Ctx, id: string): Promise<FoundConfig> {
  await authorise(ctx, 'providers:read', 'provider_config.read');
  if (!configId.safeParse(id).success) throw noSuchConfig();
  const own = and(eq(providerConfigs.customerId, requireCustomer(ctx).customerId), eq(providerConfigs.configId, id));
  const [found] = await db()
    .select({ config: readable, used: credentialColumns })
    .from(providerConfigs)
    .leftJoin(cloudCredentials, eq(cloudCredentials.credentialId, providerConfigs.credentialId))
    .where(own);
  if (!found) throw noSuchConfig();
  if (!found.used) return { ...viewOf(found.config), credential: null };
  const { credential_id, name, provider, health } = credentialViewOf(found.used, ctx.clock());
  return { ...viewOf(found.config), credential: { credential_id, name, provider, health } };
}

/** Configs that are on and how many the plan has, as it is now. AppError forbidden. */
export async function providerUse(ctx: Ctx): Promise<ProviderUse> {
  await authorise(ctx, 'providers:read', 'provider_config.read_use');
  return countProviders(db(), requireCustomer(ctx).customerId);
}

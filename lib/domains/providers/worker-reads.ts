/** Reads provider configs from Postgres for workers: a change is there at once, and asking costs nothing in BigQuery. */
import { and, asc, eq, getTableColumns, gt } from 'drizzle-orm';
import { z } from 'zod';
import { configId } from '@/lib/domains/providers/input';
import { noSuchConfig } from '@/lib/domains/providers/stored-config';
import { providerConfigs } from '@/lib/domains/providers/tables';
import type { ReadableConfig } from '@/lib/domains/providers/view';
import { pipelineId } from '@/lib/domains/runs/input';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';

const { sealedSlackWebhook: _sealed, ...readable } = getTableColumns(providerConfigs);

const workerConfigsInput = z.strictObject({
  pipeline_id: pipelineId.optional().meta({ description: 'Configs that run this pipeline.' }),
  is_active: z
    .enum(['true', 'false'], { error: 'Use true or false.' })
    .optional()
    .meta({ description: 'Configs that are on, or off.' }),
  limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: 'Configs a page, 1 to 100.' }),
  after: z.string().max(400).optional().meta({ description: '`next_cursor` of the page before.' }),
});
type Asked = z.output<typeof workerConfigsInput>;

const position = z.strictObject({ id: configId });

async function list(ctx: CustomerCtx, asked: Asked): Promise<{ configs: ReadableConfig[]; next: string | null }> {
  const after = asked.after === undefined ? null : decodeCursor(position, asked.after);
  const found = await db()
    .select(readable)
    .from(providerConfigs)
    .where(
      and(
        eq(providerConfigs.customerId, ctx.customerId),
        asked.pipeline_id ? eq(providerConfigs.pipelineId, asked.pipeline_id) : undefined,
        asked.is_active ? eq(providerConfigs.isActive, asked.is_active === 'true') : undefined,
        after ? gt(providerConfigs.configId, after.id) : undefined,
      ),
    )
    .orderBy(asc(providerConfigs.configId))
    .limit(asked.limit + 1);
  const configs = found.slice(0, asked.limit);
  const last = found.length > asked.limit ? configs.at(-1) : undefined;
  return { configs, next: last ? encodeCursor({ id: last.configId }) : null };
}

/** The caller's configs in the order of their ids; `next` is the cursor of the following page. AppError invalid_cursor. */
export const listWorkerConfigs = defineOperation({
  name: 'provider_config.list',
  permission: 'providers:read',
  input: workerConfigsInput,
  run: list,
});

async function find(ctx: CustomerCtx, _input: unknown, id: string): Promise<ReadableConfig> {
  const own = and(eq(providerConfigs.customerId, ctx.customerId), eq(providerConfigs.configId, id));
  const [config] = await db().select(readable).from(providerConfigs).where(own);
  if (!config) throw noSuchConfig();
  return config;
}

/** The caller's config with this id. AppError not_found, which a foreign one is too. */
export const findWorkerConfig = defineOperation({
  name: 'provider_config.read',
  permission: 'providers:read',
  input: z.strictObject({}),
  run: find,
});

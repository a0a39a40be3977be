/** Creating, editing, copying and deleting provider configs. Source: docs/architecture.md, Provider configs. */
import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { lockCustomer } from '@/lib/domains/customers/profile';
import {
  createConfigInput,
  deleteConfigInput,
  duplicateConfigInput,
  editConfigInput,
} from '@/lib/domains/providers/input';
import { requireFreePlace, takeProvider } from '@/lib/domains/providers/limit';
import { configsMirror } from '@/lib/domains/providers/mirror';
import { defaultPipelineId } from '@/lib/domains/providers/rules';
import { nextRunOf } from '@/lib/domains/providers/schedule/next-run';
import {
  auditedView,
  changeConfig,
  configOfRequest,
  createdConfig,
  lockConfig,
  openWebhook,
  readConfig,
  requireFreeName,
  requireSameForm,
  requireUsableCredential,
  sealWebhook,
} from '@/lib/domains/providers/stored-config';
import { type ProviderConfig, providerConfigs } from '@/lib/domains/providers/tables';
import { type ConfigView, viewOf } from '@/lib/domains/providers/view';
import { cancelWaitingRuns } from '@/lib/domains/runs/start/queue-run';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import { invalidInput } from '@/lib/kernel/input';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';

type NewConfig = typeof providerConfigs.$inferInsert;

/** The columns that a change of these fields names; what is left out stays. */
function columnsOf(input: Partial<z.output<typeof editConfigInput>>): Partial<ProviderConfig> {
  const columns: Partial<ProviderConfig> = {
    configName: input.name,
    provider: input.provider,
    domain: input.domain,
    pipelineId: input.pipeline_id,
    credentialId: input.credential_id,
    sourceProjectId: input.source_project_id,
    sourceDataset: input.source_dataset,
    sourceTable: input.source_table,
    notificationEmails: input.notification_emails,
    notificationEnabled: input.notification_enabled,
    defaultParameters: input.default_parameters,
    pipelineTemplateOverrides: input.pipeline_template_overrides,
    scheduleEnabled: input.schedule_enabled,
    scheduleCron: input.schedule_cron,
    scheduleTimezone: input.schedule_timezone,
    retentionDays: input.retention_days,
    tags: input.tags,
    description: input.description,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

async function insertConfig(tx: Tx, row: NewConfig): Promise<ProviderConfig> {
  const [stored] = await tx.insert(providerConfigs).values(row).returning();
  if (!stored) throw new Error('the config was not stored');
  return stored;
}

/**
 * Creates a config; the same request_token again answers the config that it made. AppError invalid_input, conflict where
 * all providers of the plan are in use or there are as many configs as there may be, key_service_unavailable.
 */
export const createConfig = defineCommand({
  name: 'provider_config.create',
  permission: 'providers:write',
  input: createConfigInput,
  prepare: async ({ ctx, input }) => {
    const { customerId } = requireCustomer(ctx);
    const configId = newId('cfg');
    const url = input.slack_webhook_url;
    if (url === null || (await configOfRequest(ctx, input.request_token))) return { configId, sealed: null };
    await requireFreePlace(db(), customerId);
    return { configId, sealed: await sealWebhook(customerId, configId, url) };
  },
  run: async ({ ctx, tx, input, prepared: { configId, sealed } }): Promise<Change<ConfigView>> => {
    const { customerId } = requireCustomer(ctx);
    const now = ctx.clock();
    await lockCustomer(tx, customerId);
    const earlier = await configOfRequest(ctx, input.request_token, tx);
    if (earlier) {
      requireSameForm(earlier, input.name);
      return { result: viewOf(earlier), unchanged: true };
    }
    await requireFreePlace(tx, customerId);
    await requireFreeName(tx, customerId, input.name);
    if (input.is_active) await takeProvider(tx, customerId);
    const who = actorLabel(ctx.actor);
    const row = {
      ...(columnsOf(input) as NewConfig),
      configId,
      customerId,
      pipelineId: input.pipeline_id ?? defaultPipelineId(input.provider, input.domain),
      sealedSlackWebhook: sealed,
      slackSetAt: sealed && now,
      isActive: input.is_active,
      requestToken: input.request_token ?? null,
      createdAt: now,
      createdBy: who,
      updatedAt: now,
      updatedBy: who,
    };
    await requireUsableCredential(tx, ctx, { credentialId: input.credential_id, provider: input.provider });
    const schedule = {
      isActive: input.is_active,
      scheduleEnabled: input.schedule_enabled,
      scheduleCron: input.schedule_cron,
      scheduleTimezone: input.schedule_timezone,
    };
    const nextRunAt = nextRunOf({ ...schedule, consecutiveFailures: 0, lastTickAt: null }, now);
    return createdConfig(await insertConfig(tx, { ...row, nextRunAt }));
  },
});

/** Refuses a change of what moved since the caller read it. AppError conflict. */
function requireVersion(config: ProviderConfig, version: number | undefined): void {
  if (version === undefined || version === config.version) return;
  const message = 'Somebody changed this config meanwhile. Open it again to see how it is now.';
  throw new AppError('conflict', message, { details: { version: config.version } });
}

/** The columns that differ from what is stored. */
const changesOf = (config: ProviderConfig, columns: Partial<ProviderConfig>): Partial<ProviderConfig> =>
  Object.fromEntries(
    Object.entries(columns).filter(([name, value]) => !isDeepStrictEqual(value, config[name as keyof ProviderConfig])),
  );

const scheduleColumns = ['scheduleEnabled', 'scheduleCron', 'scheduleTimezone'] as const;

/**
 * Changes what the input names; the same again changes nothing. AppError not_found, invalid_input, conflict where `version`
 * is not the stored one, key_service_unavailable.
 */
export const editConfig = defineCommand({
  name: 'provider_config.edit',
  permission: 'providers:write',
  input: editConfigInput,
  prepare: async ({ ctx, input }) => {
    const stored = await readConfig(db(), ctx, input.config_id);
    const url = input.slack_webhook_url;
    return { sealed: url ? await sealWebhook(stored.customerId, stored.configId, url) : null };
  },
  run: async ({ ctx, tx, input, prepared: { sealed } }): Promise<Change<ConfigView>> => {
    const { customerId } = requireCustomer(ctx);
    // Names are unique a customer, so who gives one waits for others who do; the customer's row comes before the config's.
    if (input.name !== undefined) await lockCustomer(tx, customerId);
    const config = await lockConfig(tx, ctx, input.config_id);
    requireVersion(config, input.version);
    const changes = changesOf(config, columnsOf(input));
    const hadSlack = config.sealedSlackWebhook !== null;
    if (sealed || (input.slack_webhook_url === null && hadSlack))
      Object.assign(changes, { sealedSlackWebhook: sealed, slackSetAt: sealed && ctx.clock() });
    if (Object.keys(changes).length === 0) return { result: viewOf(config), unchanged: true };
    const after = { ...config, ...changes };
    if (after.scheduleEnabled && after.scheduleCron === null)
      throw invalidInput([{ path: 'schedule_cron', message: 'Give the schedule, or switch it off.' }]);
    if (changes.configName !== undefined) await requireFreeName(tx, customerId, changes.configName, config.configId);
    if ('credentialId' in changes || 'provider' in changes) await requireUsableCredential(tx, ctx, after);
    if (scheduleColumns.some(name => name in changes)) changes.nextRunAt = nextRunOf(after, ctx.clock());
    return changeConfig(tx, ctx, config, changes);
  },
});

/**
 * Copies a config: off, under another name, with nothing of what happened to the original. Its Slack webhook is sealed anew,
 * since a ciphertext opens for its own config only. AppError not_found, invalid_input, conflict, key_service_unavailable.
 */
export const duplicateConfig = defineCommand({
  name: 'provider_config.duplicate',
  permission: 'providers:write',
  input: duplicateConfigInput,
  prepare: async ({ ctx, input }) => {
    const source = await readConfig(db(), ctx, input.config_id);
    const { customerId, sealedSlackWebhook } = source;
    const configId = newId('cfg');
    if (!sealedSlackWebhook || (await configOfRequest(ctx, input.request_token)))
      return { configId, version: source.version, sealed: null };
    await requireFreePlace(db(), customerId);
    const url = await openWebhook(customerId, source.configId, sealedSlackWebhook);
    return { configId, version: source.version, sealed: await sealWebhook(customerId, configId, url) };
  },
  run: async ({ ctx, tx, input, prepared: { configId, version, sealed } }): Promise<Change<ConfigView>> => {
    const { customerId } = requireCustomer(ctx);
    const now = ctx.clock();
    await lockCustomer(tx, customerId);
    const earlier = await configOfRequest(ctx, input.request_token, tx);
    if (earlier) {
      requireSameForm(earlier, input.name);
      return { result: viewOf(earlier), unchanged: true };
    }
    const source = await lockConfig(tx, ctx, input.config_id);
    requireVersion(source, version);
    await requireFreePlace(tx, customerId);
    await requireFreeName(tx, customerId, input.name);
    await requireUsableCredential(tx, ctx, source);
    const who = actorLabel(ctx.actor);
    const copy = await insertConfig(tx, {
      ...source,
      configId,
      configName: input.name,
      isActive: false,
      nextRunAt: null,
      lastTickAt: null,
      lastRunAt: null,
      lastSuccessAt: null,
      lastFailureAt: null,
      consecutiveFailures: 0,
      version: 1,
      sealedSlackWebhook: sealed,
      slackSetAt: sealed && now,
      requestToken: input.request_token ?? null,
      createdAt: now,
      createdBy: who,
      updatedAt: now,
      updatedBy: who,
    });
    const change = createdConfig(copy);
    return 'unchanged' in change ? change : { ...change, after: { ...change.after, copy_of: source.configId } };
  },
});

/** Deletes a config; its runs stay, those that wait are cancelled. AppError not_found. */
export const deleteConfig = defineCommand({
  name: 'provider_config.delete',
  permission: 'providers:write',
  input: deleteConfigInput,
  run: async ({ ctx, tx, input }): Promise<Change<{ config_id: string }>> => {
    const config = await lockConfig(tx, ctx, input.config_id);
    const cancelled = await cancelWaitingRuns(tx, requireCustomer(ctx), config.configId);
    await tx.delete(providerConfigs).where(eq(providerConfigs.configId, config.configId));
    return {
      result: { config_id: config.configId },
      target: { type: 'provider_config', id: config.configId },
      before: auditedView(config),
      after: null,
      mirror: [configsMirror.ref(config), ...cancelled],
    };
  },
});

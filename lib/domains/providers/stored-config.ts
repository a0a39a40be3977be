/** What the commands of provider configs share: finding a caller's config, sealing its webhook, writing a change. */
import { and, eq, ne, sql } from 'drizzle-orm';
import { cloudCredentials } from '@/lib/domains/credentials/tables';
import { configsMirror } from '@/lib/domains/providers/mirror';
import { type ConfigProvider, webhookPlace } from '@/lib/domains/providers/rules';
import { type ProviderConfig, providerConfigs } from '@/lib/domains/providers/tables';
import { type ConfigView, viewOf } from '@/lib/domains/providers/view';
import { maskJson } from '@/lib/domains/runs/explain/mask-secrets';
import type { Change } from '@/lib/kernel/command';
import { actorLabel, type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { invalidInput } from '@/lib/kernel/input';
import type { MirrorRef } from '@/lib/kernel/outbox';
import { open, seal } from '@/lib/kernel/sealing';
import { type Db, db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** Calls KMS, so it belongs into a command's `prepare`. AppError key_service_unavailable. */
export const sealWebhook = (customerId: string, configId: string, url: string): Promise<Buffer> =>
  seal(url, webhookPlace(customerId, configId));

/** The address of a config's Slack webhook. Throws as `open` does, also for a ciphertext of another config. */
export const openWebhook = async (customerId: string, configId: string, sealed: Buffer): Promise<string> =>
  (await open(sealed, webhookPlace(customerId, configId))).toString('utf8');

export const noSuchConfig = (): AppError => new AppError('not_found', 'There is no such provider config.');

const mine = (ctx: Ctx, configId: string) =>
  and(eq(providerConfigs.customerId, requireCustomer(ctx).customerId), eq(providerConfigs.configId, configId));

/** The caller's own config as it is stored. AppError not_found, also for a foreign id. */
export async function readConfig(store: Db | Tx, ctx: Ctx, configId: string): Promise<ProviderConfig> {
  const [row] = await store.select().from(providerConfigs).where(mine(ctx, configId));
  if (!row) throw noSuchConfig();
  return row;
}

/** As readConfig, held until `tx` ends; a credential that a change names is locked after it. */
export async function lockConfig(tx: Tx, ctx: Ctx, configId: string): Promise<ProviderConfig> {
  const [row] = await tx.select().from(providerConfigs).where(mine(ctx, configId)).for('no key update');
  if (!row) throw noSuchConfig();
  return row;
}

/** The config that an earlier submission of the same form made; undefined for the first. */
export async function configOfRequest(ctx: Ctx, token: string | undefined, store: Db | Tx = db()) {
  if (!token) return undefined;
  const { customerId } = requireCustomer(ctx);
  const same = and(eq(providerConfigs.customerId, customerId), eq(providerConfigs.requestToken, token));
  const [row] = await store.select().from(providerConfigs).where(same);
  return row;
}

/** A form that was sent, changed after "Back" and sent again is another config, not a double click. AppError conflict. */
export function requireSameForm(earlier: ProviderConfig, name: string): void {
  if (earlier.configName === name) return;
  const message = `This form has created “${earlier.configName}” already. Open the page again to create another one.`;
  throw new AppError('conflict', message, { details: { config_id: earlier.configId } });
}

/** Throws AppError invalid_input where another config of the customer, whose row the caller has locked, has the name. */
export async function requireFreeName(tx: Tx, customerId: string, name: string, except = ''): Promise<void> {
  const [taken] = await tx
    .select({ configId: providerConfigs.configId })
    .from(providerConfigs)
    .where(
      and(
        eq(providerConfigs.customerId, customerId),
        sql`lower(${providerConfigs.configName}) = lower(${name})`,
        ne(providerConfigs.configId, except),
      ),
    );
  if (taken) throw invalidInput([{ path: 'name', message: 'Another provider config has this name.' }]);
}

/**
 * The credential that a config is to use stays undeleted until `tx` ends. AppError invalid_input for a foreign, unknown or
 * deleted one, and for one of another provider; a config of several clouds takes any.
 */
export async function requireUsableCredential(
  tx: Tx,
  ctx: Ctx,
  config: { credentialId: string | null; provider: ConfigProvider },
): Promise<void> {
  if (config.credentialId === null) return;
  const { customerId, credentialId, provider, isActive } = cloudCredentials;
  const own = and(eq(customerId, requireCustomer(ctx).customerId), eq(credentialId, config.credentialId));
  const [found] = await tx.select({ provider, isActive }).from(cloudCredentials).where(own).for('share');
  const refuse = (message: string) => invalidInput([{ path: 'credential_id', message }]);
  if (!found?.isActive) throw refuse('There is no such credential.');
  if (config.provider !== 'MULTI_CLOUD' && config.provider !== found.provider)
    throw refuse(`This credential is of ${found.provider}, and the config of ${config.provider}.`);
}

/** A config as the audit log keeps it: values that look like secrets are masked in what people wrote. */
export function auditedView(row: ProviderConfig): Record<string, unknown> {
  const view: ConfigView = viewOf(row);
  return {
    ...view,
    default_parameters: maskJson(view.default_parameters),
    pipeline_template_overrides: maskJson(view.pipeline_template_overrides),
  };
}

/** The change that a new config is, as command, audit and mirror need it. */
export const createdConfig = (row: ProviderConfig): Change<ConfigView> => ({
  result: viewOf(row),
  target: { type: 'provider_config', id: row.configId },
  before: null,
  after: auditedView(row),
  mirror: [configsMirror.ref(row)],
});

/** Writes changed columns of a config, whose version goes up; `alsoMirrored` are other rows that change with it. */
export async function changeConfig(
  tx: Tx,
  ctx: Ctx,
  config: ProviderConfig,
  columns: Partial<ProviderConfig>,
  alsoMirrored: MirrorRef[] = [],
): Promise<Change<ConfigView>> {
  const [changed] = await tx
    .update(providerConfigs)
    .set({
      ...columns,
      version: sql`${providerConfigs.version} + 1`,
      updatedBy: actorLabel(ctx.actor),
      updatedAt: ctx.clock(),
    })
    .where(eq(providerConfigs.configId, config.configId))
    .returning();
  if (!changed) throw new Error('the config went away under its lock');
  return {
    result: viewOf(changed),
    target: { type: 'provider_config', id: config.configId },
    before: auditedView(config),
    after: auditedView(changed),
    mirror: [configsMirror.ref(changed), ...alsoMirrored],
  };
}

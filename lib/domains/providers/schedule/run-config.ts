/** “Run now”: a run of a config beside its schedule. Source: docs/architecture.md, Provider configs. */
import { and, eq } from 'drizzle-orm';
import { runConfigInput } from '@/lib/domains/providers/input';
import { type ProviderConfig, providerConfigs } from '@/lib/domains/providers/tables';
import { lockForStarts } from '@/lib/domains/quotas/counters';
import { refusalError } from '@/lib/domains/quotas/rules';
import { maxPendingRuns } from '@/lib/domains/runs/rules';
import { askedBy, derivedRunId, mirrorsOf, queueRun, roomToWait } from '@/lib/domains/runs/start/queue-run';
import { runQueued } from '@/lib/domains/runs/start/waiters';
import { defineCommand } from '@/lib/kernel/command';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import type { Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';

/** The config, locked against being switched off meanwhile. AppError not_found, conflict where it is off. */
async function runnableConfig(tx: Tx, ctx: CustomerCtx, configId: string): Promise<ProviderConfig> {
  const [config] = await tx
    .select()
    .from(providerConfigs)
    .where(and(eq(providerConfigs.configId, configId), eq(providerConfigs.customerId, ctx.customerId)))
    .for('share');
  if (!config) throw new AppError('not_found', 'There is no provider config with this id.');
  if (!config.isActive) throw new AppError('conflict', 'This config is switched off. Switch it on to run it.');
  return config;
}

/**
 * Queues a run of the config for a worker to claim; the same request_token again answers the same run. Throws AppError
 * not_found, conflict where the config is off or too many runs wait, subscription_inactive, customer_suspended.
 */
export const runConfig = defineCommand({
  name: 'provider_config.run',
  permission: 'runs:write',
  input: runConfigInput,
  run: async ({ ctx: caller, tx, input }) => {
    const ctx = requireCustomer(caller);
    // Counter, then run, then config: the order of whoever starts and ends runs.
    const { refusal, quota } = await lockForStarts(tx, ctx.customerId);
    if (refusal !== null) throw refusalError(refusal, quota, ctx.clock());
    const config = await runnableConfig(tx, ctx, input.config_id);
    const runId = derivedRunId('config', ctx.customerId, config.configId, input.request_token ?? newId('req'));
    const result = { pipeline_logging_id: runId };
    const room = await roomToWait(tx, [ctx.customerId]);
    const run = await queueRun(tx, {
      ...askedBy(ctx.actor),
      runId,
      at: ctx.clock(),
      customerId: ctx.customerId,
      pipelineId: config.pipelineId,
      triggerType: 'manual',
      configId: config.configId,
      configVersion: `v${config.version}`,
      parameters: config.defaultParameters,
    });
    if (run === null) return { result, unchanged: true };
    if (room.get(ctx.customerId) === 0)
      throw new AppError('conflict', `${maxPendingRuns} runs wait already. Have a worker claim them, or cancel some.`);
    return {
      result,
      target: { type: 'provider_config', id: config.configId },
      before: null,
      after: { run: runId },
      mirror: mirrorsOf(run),
    };
  },
  effects: async ({ ctx }) => runQueued(requireCustomer(ctx).customerId),
});

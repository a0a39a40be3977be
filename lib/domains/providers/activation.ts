/** Switching provider configs on and off; the plan's number of providers is kept here. Source: docs/architecture.md, Provider configs. */
import { disableConfigInput, enableConfigInput } from '@/lib/domains/providers/input';
import { takeProvider } from '@/lib/domains/providers/limit';
import { nextRunOf } from '@/lib/domains/providers/schedule/next-run';
import { changeConfig, lockConfig, readConfig, requireUsableCredential } from '@/lib/domains/providers/stored-config';
import { type ConfigView, viewOf } from '@/lib/domains/providers/view';
import { cancelWaitingRuns } from '@/lib/domains/runs/start/queue-run';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { requireCustomer } from '@/lib/kernel/ctx';

/** Switches a config on; one that is on stays. AppError not_found, invalid_input for its credential, conflict where the plan is full. */
export const enableConfig = defineCommand({
  name: 'provider_config.enable',
  permission: 'providers:write',
  input: enableConfigInput,
  run: async ({ ctx, tx, input }): Promise<Change<ConfigView>> => {
    const { customerId } = requireCustomer(ctx);
    const known = await readConfig(tx, ctx, input.config_id);
    if (known.isActive) return { result: viewOf(known), unchanged: true };
    await takeProvider(tx, customerId);
    const config = await lockConfig(tx, ctx, input.config_id);
    // Another click may have been first: the lock of the customer's row has waited for it.
    if (config.isActive) return { result: viewOf(config), unchanged: true };
    await requireUsableCredential(tx, ctx, config);
    const on = { isActive: true };
    return changeConfig(tx, ctx, config, { ...on, nextRunAt: nextRunOf({ ...config, ...on }, ctx.clock()) });
  },
});

/** Switches a config off: no further run of its schedule is made, and those that wait are cancelled. AppError not_found. */
export const disableConfig = defineCommand({
  name: 'provider_config.disable',
  permission: 'providers:write',
  input: disableConfigInput,
  run: async ({ ctx, tx, input }): Promise<Change<ConfigView>> => {
    const config = await lockConfig(tx, ctx, input.config_id);
    if (!config.isActive) return { result: viewOf(config), unchanged: true };
    const cancelled = await cancelWaitingRuns(tx, requireCustomer(ctx), config.configId);
    return changeConfig(tx, ctx, config, { isActive: false, nextRunAt: null }, cancelled);
  },
});

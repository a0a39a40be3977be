/** A test message to the Slack channel of a config, through the queue that all messages take. */
import { notify } from '@/lib/domains/notifications/notify';
import { testSlackInput } from '@/lib/domains/providers/input';
import { lockConfig, readConfig } from '@/lib/domains/providers/stored-config';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { consume } from '@/lib/kernel/limits';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

/** Of one config: somebody who sets it up tries a few times, and the channel is other people's. */
const rule = { name: 'slack-test', points: 5, seconds: 3_600 };

/** Queues the message. AppError not_found, conflict where the config has no webhook, rate_limited after 5 an hour. */
export const testSlack = defineCommand({
  name: 'provider_config.test_slack',
  permission: 'providers:write',
  input: testSlackInput,
  prepare: async ({ ctx, input }) => {
    const config = await readConfig(db(), ctx, input.config_id);
    if (!config.sealedSlackWebhook)
      throw new AppError('conflict', 'This config has no Slack webhook. Give its address first.');
    const taken = await consume(rule, config.configId);
    if (!taken.allowed)
      throw new AppError('rate_limited', 'At most 5 test messages an hour are sent for a config.', {
        retryAfterSeconds: taken.resetSeconds,
      });
  },
  run: async ({ ctx, tx, input }): Promise<Change<{ config_id: string }>> => {
    const config = await lockConfig(tx, ctx, input.config_id);
    const now = ctx.clock();
    await notify(tx, {
      event: 'slack_test',
      customerId: config.customerId,
      at: now,
      toSlackOf: config.configId,
      data: { config_id: config.configId, name: config.configName, at: now.toISOString() },
    });
    const target = { type: 'provider_config', id: config.configId };
    return { result: { config_id: config.configId }, target, before: null, after: { told: 'slack' }, mirror: [] };
  },
});

/** Tells of a provider config's failed run where the config says: addresses that are no member's, and its Slack channel. */
import { and, eq } from 'drizzle-orm';
import type { EventData } from '@/lib/domains/notifications/events';
import { notify } from '@/lib/domains/notifications/notify';
import { membersWanting } from '@/lib/domains/notifications/recipients';
import { providerConfigs } from '@/lib/domains/providers/tables';
import type { Tx } from '@/lib/platform/db';

type Failure = { customerId: string; at: Date; data: EventData<'run_failed'> };

/** Queues the messages of a config whose run failed; who is told as a member is not told twice. None where it is muted. */
export async function tellConfig(tx: Tx, configId: string, { customerId, at, data }: Failure): Promise<void> {
  const own = and(eq(providerConfigs.customerId, customerId), eq(providerConfigs.configId, configId));
  const [config] = await tx.select().from(providerConfigs).where(own);
  if (!config?.notificationEnabled) return;
  const { pipeline_id, run_id, hour, error_message } = data;
  const told = { config_id: configId, name: config.configName, pipeline_id, run_id, hour, error_message };
  const common = { event: 'config_run_failed', customerId, at, data: told } as const;
  const members = await membersWanting(tx, customerId, 'run_failed', 'mail');
  const reached = new Set(members.filter(({ wants }) => wants).map(({ email }) => email.toLowerCase()));
  for (const email of config.notificationEmails)
    if (!reached.has(email)) await notify(tx, { ...common, to: { email, userId: null } });
  if (config.sealedSlackWebhook) await notify(tx, { ...common, toSlackOf: configId });
}

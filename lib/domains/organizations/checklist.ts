/** Setup steps of an organization, told from its data; each person may hide them. Source: docs/ui.md, Onboarding. */
import { sql } from 'drizzle-orm';
import { readSeats } from '@/lib/domains/team/seats';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, may, requireCustomer } from '@/lib/kernel/ctx';
import type { Permission } from '@/lib/kernel/permissions';
import { db } from '@/lib/platform/db';

export const setupSteps = {
  connect_credential: { label: 'Connect a credential', permission: 'credentials:write' },
  enable_provider: { label: 'Enable a provider', permission: 'providers:write' },
  create_key: { label: 'Create an API key', permission: 'keys:write' },
  run_pipeline: { label: 'Run a first pipeline', permission: 'runs:write' },
  invite: { label: 'Invite a teammate', permission: 'team:write' },
} as const satisfies Record<string, { label: string; permission: Permission }>;
export type SetupStep = keyof typeof setupSteps;

export type SetupItem = { step: SetupStep; label: string; done: boolean };
/** `completedAt` is when the last open step was done; null while one is open. */
export type Setup = { items: SetupItem[]; completedAt: Date | null };

/** When each step was first done. A step stays done: what was made once and is gone counts too. */
async function readDone(customerId: string): Promise<Record<SetupStep, Date | null>> {
  const { rows } = await db().execute<Record<SetupStep, string | null>>(sql`
    SELECT (SELECT MIN(created_at) FROM cloud_credentials WHERE customer_id = ${customerId})::text AS connect_credential,
      (SELECT MIN(created_at) FROM provider_configs WHERE customer_id = ${customerId} AND is_active)::text AS enable_provider,
      (SELECT MIN(created_at) FROM api_keys WHERE customer_id = ${customerId})::text AS create_key,
      (SELECT MIN(created_at) FROM runs WHERE customer_id = ${customerId})::text AS run_pipeline,
      (SELECT created_at FROM team_members WHERE customer_id = ${customerId}
        ORDER BY created_at OFFSET 1 LIMIT 1)::text AS invite`);
  const [done] = rows;
  if (!done) throw new Error('the setup was not answered');
  const instants = Object.entries(done).map(([step, at]) => [step, at === null ? null : new Date(at)]);
  return Object.fromEntries(instants) as Record<SetupStep, Date | null>;
}

/**
 * The steps of who sets the organization up, owners and admins, each done or not; a further teammate is no step where
 * every seat is taken. Empty for all others: it is not their list. Throws AppError forbidden.
 */
export async function readSetup(ctx: Ctx): Promise<Setup> {
  await authorise(ctx, 'organization:read', 'organization.read_setup');
  if (!may(ctx, 'organization:write')) return { items: [], completedAt: null };
  const customer = requireCustomer(ctx);
  const [done, seats] = await Promise.all([readDone(customer.customerId), readSeats(customer)]);
  const items = (Object.keys(setupSteps) as SetupStep[])
    .filter(step => may(ctx, setupSteps[step].permission))
    .map(step => ({ step, label: setupSteps[step].label, done: done[step] !== null }))
    .filter(({ step, done: isDone }) => step !== 'invite' || isDone || seats.used < seats.limit);
  const times = items.map(({ step }) => done[step]?.getTime() ?? null);
  const isComplete = times.length > 0 && !times.includes(null);
  return { items, completedAt: isComplete ? new Date(Math.max(...times.map(Number))) : null };
}

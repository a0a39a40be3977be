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

async function readDone(customerId: string): Promise<Record<SetupStep, boolean>> {
  const { rows } = await db().execute<Record<SetupStep, boolean>>(sql`
    SELECT EXISTS (SELECT 1 FROM cloud_credentials WHERE customer_id = ${customerId} AND is_active) AS connect_credential,
      EXISTS (SELECT 1 FROM provider_configs WHERE customer_id = ${customerId} AND is_active) AS enable_provider,
      EXISTS (SELECT 1 FROM api_keys WHERE customer_id = ${customerId}) AS create_key,
      EXISTS (SELECT 1 FROM runs WHERE customer_id = ${customerId}) AS run_pipeline,
      EXISTS (SELECT 1 FROM team_members WHERE customer_id = ${customerId} OFFSET 1) AS invite`);
  const [done] = rows;
  if (!done) throw new Error('the setup was not answered');
  return done;
}

/**
 * The steps the caller may take, each done or not; a further teammate is no step where every seat is taken. Empty for a
 * caller who may take none. Throws AppError forbidden.
 */
export async function readSetup(ctx: Ctx): Promise<SetupItem[]> {
  await authorise(ctx, 'organization:read', 'organization.read_setup');
  const customer = requireCustomer(ctx);
  const [done, seats] = await Promise.all([readDone(customer.customerId), readSeats(customer)]);
  const steps = (Object.keys(setupSteps) as SetupStep[]).filter(step => may(ctx, setupSteps[step].permission));
  return steps
    .map(step => ({ step, label: setupSteps[step].label, done: done[step] }))
    .filter(({ step, done }) => step !== 'invite' || done || seats.used < seats.limit);
}

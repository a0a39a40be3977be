/** `cli customers …`: opens a customer, lists them, adds a member without an invitation, suspends. */
import { parseArgs } from 'node:util';
import { asc } from 'drizzle-orm';
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { customers } from '@/lib/domains/customers/tables';
import { createCustomer } from '@/lib/domains/organizations/commands';
import { extendTrial, suspendCustomer, unsuspendCustomer } from '@/lib/domains/subscriptions/standing/suspension';
import { addMember } from '@/lib/domains/team/commands';
import { type Ctx, systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

const usage = `Usage: customers <command>

  list
  create --name <company> --plan STARTER|PROFESSIONAL|SCALE --owner <address> [--owner-name <name>]
  add-member <customer> --email <address> --role OWNER|ADMIN|COLLABORATOR|VIEWER [--name <name>]
                     adds an active member; the seats of the plan count
  suspend <customer> --reason <text>
                     refuses everything but billing, at once, until it is taken back
  unsuspend <customer> --reason <text>
  extend-trial <customer> --days <1 to 30> --reason <text>
The reasons stand in the organization's audit log.`;

const options = {
  name: { type: 'string' },
  plan: { type: 'string' },
  owner: { type: 'string' },
  'owner-name': { type: 'string' },
  email: { type: 'string' },
  role: { type: 'string' },
  reason: { type: 'string' },
  days: { type: 'string' },
} as const;
type Values = { [Name in keyof typeof options]?: string | undefined };

async function list(): Promise<number> {
  const rows = await db().select().from(customers).orderBy(asc(customers.createdAt));
  for (const row of rows)
    console.log([row.customerId, row.companyName, row.subscriptionPlan, row.status, row.tenantDatasetId].join('\t'));
  return 0;
}

async function create(values: Values): Promise<number> {
  const { result } = await createCustomer(systemCtx('cli'), {
    company_name: values.name,
    plan: values.plan,
    owner_email: values.owner,
    owner_name: values['owner-name'] ?? null,
  });
  console.log(result.customer.customerId);
  return 0;
}

async function add(customerId: string | undefined, values: Values): Promise<number> {
  const customer = customerId === undefined ? null : await findCustomer(customerId);
  if (!customer) {
    console.error(`There is no customer ${customerId ?? ''}.`);
    return 1;
  }
  const { result } = await addMember(systemCtx('cli', customer), {
    email: values.email,
    role: values.role,
    full_name: values.name ?? null,
  });
  console.log(result.memberId);
  return 0;
}

const standings = {
  suspend: (ctx: Ctx, { reason }: Values) => suspendCustomer(ctx, { reason }),
  unsuspend: (ctx: Ctx, { reason }: Values) => unsuspendCustomer(ctx, { reason }),
  'extend-trial': (ctx: Ctx, { reason, days }: Values) =>
    extendTrial(ctx, { reason, days: Number(days ?? Number.NaN) }),
};
const isStanding = (verb: string | undefined): verb is keyof typeof standings =>
  verb !== undefined && Object.hasOwn(standings, verb);

async function changeStanding(verb: keyof typeof standings, customerId: string | undefined, values: Values) {
  const customer = customerId === undefined ? null : await findCustomer(customerId);
  if (!customer) {
    console.error(`There is no customer ${customerId ?? ''}.`);
    return 1;
  }
  const { result } = await standings[verb](systemCtx('cli', customer), values);
  console.log([result.customer_id, result.status, `trial until ${result.trial_end_date ?? 'none'}`].join('\t'));
  return 0;
}

/** Exit code 0 when done, 1 for no such customer, 2 for wrong use; refusals of the product are thrown. */
export async function customersCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [verb, subject] = positionals;
  if (verb === 'list') return list();
  if (verb === 'create') return create(values);
  if (verb === 'add-member') return add(subject, values);
  if (isStanding(verb)) return changeStanding(verb, subject, values);
  console.error(usage);
  return 2;
}

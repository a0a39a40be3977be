/** `cli customers …`: opens a customer, lists them, adds a member without an invitation, suspends. */
import { asc } from 'drizzle-orm';
import { command, wholeNumber } from '@/lib/cli/command';
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { customers } from '@/lib/domains/customers/tables';
import { createCustomer } from '@/lib/domains/organizations/commands';
import { planNames } from '@/lib/domains/subscriptions/rules';
import {
  extendTrial,
  maxExtensionDays,
  suspendCustomer,
  unsuspendCustomer,
} from '@/lib/domains/subscriptions/standing/suspension';
import { addMember } from '@/lib/domains/team/commands';
import { type Ctx, systemCtx } from '@/lib/kernel/ctx';
import { roles } from '@/lib/kernel/permissions';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

async function list(): Promise<number> {
  const rows = await db().select().from(customers).orderBy(asc(customers.createdAt));
  for (const row of rows)
    console.log([row.customerId, row.companyName, row.subscriptionPlan, row.status, row.tenantDatasetId].join('\t'));
  return 0;
}

async function create(values: {
  name: string;
  plan: string;
  owner: string;
  'owner-name': string | undefined;
}): Promise<number> {
  const { result } = await createCustomer(systemCtx('cli'), {
    company_name: values.name,
    plan: values.plan,
    owner_email: values.owner,
    owner_name: values['owner-name'] ?? null,
  });
  console.log(result.customer.customerId);
  return 0;
}

async function customerCtx(customerId: string): Promise<Ctx> {
  const customer = await findCustomer(customerId);
  if (!customer) throw new AppError('not_found', `There is no customer ${customerId}.`);
  return systemCtx('cli', customer);
}

async function add(values: { customer: string; email: string; role: string; name: string | undefined }) {
  const { result } = await addMember(await customerCtx(values.customer), {
    email: values.email,
    role: values.role,
    full_name: values.name ?? null,
  });
  console.log(result.memberId);
  return 0;
}

type Standing = { customer_id: string; status: string; trial_end_date: string | null };

function printStanding({ result }: { result: Standing }): number {
  console.log([result.customer_id, result.status, `trial until ${result.trial_end_date ?? 'none'}`].join('\t'));
  return 0;
}

const customer = { type: 'positional', description: 'its id' } as const;
const reason = {
  type: 'string',
  required: true,
  description: "why; it stands in the organization's audit log",
  valueHint: 'text',
} as const;

export const customersCommands = {
  list: command({ description: 'all customers, oldest first', run: list }),
  create: command({
    description: 'open a customer',
    args: {
      name: { type: 'string', required: true, description: 'the company', valueHint: 'company' },
      plan: { type: 'enum', required: true, options: [...planNames], description: 'its plan, in trial' },
      owner: { type: 'string', required: true, description: "the owner's address", valueHint: 'address' },
      'owner-name': { type: 'string', description: "the owner's name", valueHint: 'name' },
    },
    run: create,
  }),
  'add-member': command({
    description: 'add an active member without an invitation; the seats of the plan count',
    args: {
      customer,
      email: { type: 'string', required: true, description: "the member's address", valueHint: 'address' },
      role: { type: 'enum', required: true, options: [...roles], description: "the member's role" },
      name: { type: 'string', description: "the member's name" },
    },
    run: add,
  }),
  suspend: command({
    description: 'refuse everything but billing, at once, until it is taken back',
    args: { customer, reason },
    run: async values =>
      printStanding(await suspendCustomer(await customerCtx(values.customer), { reason: values.reason })),
  }),
  unsuspend: command({
    description: 'take a suspension back',
    args: { customer, reason },
    run: async values =>
      printStanding(await unsuspendCustomer(await customerCtx(values.customer), { reason: values.reason })),
  }),
  'extend-trial': command({
    description: 'lengthen a trial',
    args: {
      customer,
      days: { type: 'string', required: true, description: `1 to ${maxExtensionDays}`, valueHint: 'days' },
      reason,
    },
    run: async values => {
      const days = wholeNumber('days', values.days);
      return printStanding(await extendTrial(await customerCtx(values.customer), { reason: values.reason, days }));
    },
  }),
};

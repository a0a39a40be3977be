/** `quotas check` compares counters with runs; `set-limits`, `set-keys` and `set-events` override one customer's limits. */
import { command, WrongUse } from '@/lib/cli/command';
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { setEventLimit } from '@/lib/domains/events/volume/set-limit';
import { setKeyLimit } from '@/lib/domains/keys/key-limit';
import { defaultMaxActiveKeys } from '@/lib/domains/keys/rules';
import { reconcileCounters } from '@/lib/domains/quotas/reconcile';
import { setLimits } from '@/lib/domains/subscriptions/change/set-limits';
import { type Ctx, systemCtx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function check(values: { repair: boolean; customer: string | undefined; from: string | undefined }) {
  if (values.from !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(values.from))
    throw new WrongUse('--from: write the day as YYYY-MM-DD.');
  const report = await reconcileCounters({ repair: values.repair, customerId: values.customer, fromDay: values.from });
  for (const { customerId, what, day, stored, actual } of report.differences)
    print(`${customerId}  ${day}  ${what}: stored ${stored}, actual ${actual}`);
  const found = report.differences.length;
  print(`${report.customersChecked} customers checked, ${found} differences${values.repair ? ' repaired' : ''}`);
  return found > 0 && !values.repair ? 1 : 0;
}

const numberOf = (text: string | undefined): number | null | undefined =>
  text === undefined ? undefined : text === 'none' ? null : /^\d+$/.test(text) ? Number(text) : Number.NaN;

async function ctxOf(customerId: string): Promise<Ctx> {
  const customer = await findCustomer(customerId);
  if (!customer) throw new AppError('not_found', `There is no customer ${customerId}.`);
  return systemCtx('cli', customer);
}

async function changeKeyLimit(customerId: string, keys: string): Promise<number> {
  const { result } = await setKeyLimit(await ctxOf(customerId), { max_active_keys: numberOf(keys) });
  print(`${customerId}: max_active_keys ${result.max_active_keys}`);
  return 0;
}

async function changeEventLimit(customerId: string, events: string): Promise<number> {
  const { result } = await setEventLimit(await ctxOf(customerId), { max_events_per_month: numberOf(events) });
  print(`${customerId}: max_events_per_month ${result.max_events_per_month}`);
  return 0;
}

async function changeLimits(customerId: string, limits: Parameters<typeof setLimits>[1]): Promise<number> {
  const { result } = await setLimits(await ctxOf(customerId), limits);
  const settled = Object.entries(result).map(([name, value]) => `${name} ${value ?? 'none'}`);
  print(`${customerId}: ${settled.join(', ')}`);
  return 0;
}

const limit = (what: string) => ({ type: 'string', description: what, valueHint: 'number' }) as const;

export const quotasCommands = {
  check: command({
    description: 'compare each counter with its leases, and days with their runs; exit 1 when they differ and stay so',
    args: {
      repair: { type: 'boolean', description: 'put right what differs' },
      customer: { type: 'string', description: 'only this customer', valueHint: 'id' },
      from: { type: 'string', description: 'first day to compare', valueHint: 'YYYY-MM-DD' },
    },
    run: check,
  }),
  'set-keys': command({
    description: `set how many active API keys a customer may have, ${defaultMaxActiveKeys} unless set; keys beyond it go on; audited`,
    args: {
      customer: { type: 'positional', description: 'its id' },
      number: { type: 'positional', description: 'active keys, at least 1' },
    },
    run: values => changeKeyLimit(values.customer, values.number),
  }),
  'set-events': command({
    description:
      "set how many events a customer may send a month, instead of its plan's number; in force at once, audited",
    args: {
      customer: { type: 'positional', description: 'its id' },
      number: { type: 'positional', description: "events a month, or none for the plan's" },
    },
    run: values => changeEventLimit(values.customer, values.number),
  }),
  'set-limits': command({
    description: "override a customer's limits until its plan changes; current at once, audited",
    args: {
      customer: { type: 'positional', description: 'its id' },
      daily: limit('runs a day'),
      monthly: limit('runs a month, or none'),
      concurrent: limit('runs at once'),
      'api-calls': limit('API calls a month'),
    },
    run: values =>
      changeLimits(values.customer, {
        dailyLimit: numberOf(values.daily),
        monthlyLimit: numberOf(values.monthly),
        concurrentLimit: numberOf(values.concurrent),
        apiCallsMonthLimit: numberOf(values['api-calls']),
      }),
  }),
};

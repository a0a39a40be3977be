/** `quotas check` compares counters with runs, `quotas set-limits` overrides one customer's limits. */
import { command, WrongUse } from '@/lib/cli/command';
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { reconcileCounters } from '@/lib/domains/quotas/reconcile';
import { setLimits } from '@/lib/domains/subscriptions/change/set-limits';
import { systemCtx } from '@/lib/kernel/ctx';
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

async function changeLimits(customerId: string, limits: Parameters<typeof setLimits>[1]): Promise<number> {
  const customer = await findCustomer(customerId);
  if (!customer) throw new AppError('not_found', `There is no customer ${customerId}.`);
  const { result } = await setLimits(systemCtx('cli', customer), limits);
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

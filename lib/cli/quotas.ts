/** `quotas check` compares counters with runs, `quotas set-limits` overrides one customer's limits. */
import { parseArgs } from 'node:util';
import { findCustomer } from '@/lib/domains/customers/find-customer';
import { reconcileCounters } from '@/lib/domains/quotas/reconcile';
import { setLimits } from '@/lib/domains/subscriptions/change/set-limits';
import { systemCtx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

const usage = `Usage:
  quotas check [--repair] [--customer ID] [--from YYYY-MM-DD]
      Compares each counter with its leases, and days with their runs. Exit code 1: differences were found (and left).
  quotas set-limits CUSTOMER [--daily N] [--monthly N|none] [--concurrent N] [--api-calls N]
      Overrides limits of a customer until its plan changes; in force at once, audited.`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs one quotas command line; answers the exit code: 0 done, 1 differences or failure, 2 wrong usage. */
export async function quotasCommand(args: string[]): Promise<number> {
  const [verb, ...rest] = args;
  try {
    if (verb === 'check') return await check(rest);
    if (verb === 'set-limits') return await changeLimits(rest);
  } catch (error) {
    if (error instanceof AppError) {
      complain(error.message);
      for (const field of error.fields ?? []) complain(`  ${field.path || 'input'}: ${field.message}`);
      return 1;
    }
    if (!isUsageError(error)) throw error;
    complain(error.message);
  }
  complain(usage);
  return 2;
}

const isUsageError = (error: unknown): error is Error =>
  error instanceof Error && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');

async function check(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { repair: { type: 'boolean', default: false }, customer: { type: 'string' }, from: { type: 'string' } },
  });
  if (values.from !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(values.from)) {
    complain('--from: write the day as YYYY-MM-DD.');
    return 2;
  }
  const report = await reconcileCounters({ repair: values.repair, customerId: values.customer, fromDay: values.from });
  for (const { customerId, what, day, stored, actual } of report.differences)
    print(`${customerId}  ${day}  ${what}: stored ${stored}, actual ${actual}`);
  const found = report.differences.length;
  print(`${report.customersChecked} customers checked, ${found} differences${values.repair ? ' repaired' : ''}`);
  return found > 0 && !values.repair ? 1 : 0;
}

const numberOf = (text: string | undefined): number | null | undefined =>
  text === undefined ? undefined : text === 'none' ? null : /^\d+$/.test(text) ? Number(text) : Number.NaN;

async function changeLimits(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      daily: { type: 'string' },
      monthly: { type: 'string' },
      concurrent: { type: 'string' },
      'api-calls': { type: 'string' },
    },
  });
  const [customerId] = positionals;
  if (customerId === undefined || positionals.length > 1) {
    complain(usage);
    return 2;
  }
  const customer = await findCustomer(customerId);
  if (!customer) throw new AppError('not_found', `There is no customer ${customerId}.`);
  const limits = {
    dailyLimit: numberOf(values.daily),
    monthlyLimit: numberOf(values.monthly),
    concurrentLimit: numberOf(values.concurrent),
    apiCallsMonthLimit: numberOf(values['api-calls']),
  };
  const { result } = await setLimits(systemCtx('cli', customer), limits);
  print(
    `${customerId}: ${Object.entries(result)
      .map(([name, value]) => `${name} ${value ?? 'none'}`)
      .join(', ')}`,
  );
  return 0;
}

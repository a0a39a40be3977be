/** `npm run cli -- <command> …`: one entry a command; each loads only what it needs. */
import { closeDb } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

type Command = { says: string; load: () => Promise<(args: string[]) => Promise<number>> };

const commands: Record<string, Command> = {
  migrate: {
    says: 'bring Postgres to the schema of this version',
    load: async () => (await import('@/lib/cli/migrate')).migrateCommand,
  },
  schemas: {
    says: 'plan, apply, back up and recreate BigQuery tables',
    load: async () => (await import('@/lib/cli/schemas')).schemasCommand,
  },
  mirror: {
    says: 'compare BigQuery with Postgres, rebuild a table, show what waits',
    load: async () => (await import('@/lib/cli/mirror')).mirrorCommand,
  },
  jobs: {
    says: 'list the scheduled jobs and run one now',
    load: async () => (await import('@/lib/cli/jobs')).jobsCommand,
  },
  customers: {
    says: 'open and list customers, add members',
    load: async () => (await import('@/lib/cli/customers')).customersCommand,
  },
  'service-keys': {
    says: "create, list and revoke the operator's keys",
    load: async () => (await import('@/lib/cli/service-keys')).serviceKeysCommand,
  },
  quotas: {
    says: 'check the counters and set limits',
    load: async () => (await import('@/lib/cli/quotas')).quotasCommand,
  },
  'billing-report': {
    says: 'a month of billing: plan days, use, invoices and changes',
    load: async () => (await import('@/lib/cli/billing-report')).billingReportCommand,
  },
  audit: {
    says: 'check that no entry of the audit log is missing, list its archives',
    load: async () => (await import('@/lib/cli/audit')).auditCommand,
  },
  billing: {
    says: 'events of Stripe, and whether both sides agree',
    load: async () => (await import('@/lib/cli/billing')).billingCommand,
  },
  notifications: {
    says: 'list messages to people, try given up ones again',
    load: async () => (await import('@/lib/cli/notifications')).notificationsCommand,
  },
  stripe: {
    says: 'make products, prices, portal settings and the webhook in Stripe',
    load: async () => (await import('@/lib/cli/stripe')).stripeCommand,
  },
};

const help = (): string =>
  [
    'Usage: npm run cli -- <command> …',
    '',
    ...Object.entries(commands).map(([name, { says }]) => `  ${name.padEnd(14)} ${says}`),
    '',
    'A command without arguments says how it is used.',
  ].join('\n');

/** What a person at the terminal is told of an error: the sentence where it is ours, else its message and cause. */
function explain(error: unknown): string {
  if (error instanceof AppError) {
    return [error.message, ...(error.fields ?? []).map(({ path, message }) => `  ${path}: ${message}`)].join('\n');
  }
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `\n  ${error.cause.message}` : '';
  return error.message + cause;
}

async function run([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help') {
    process.stdout.write(`${help()}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    process.stderr.write(`There is no command ${name}.\n\n${help()}\n`);
    return 2;
  }
  try {
    return await (await command.load())(args);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    return (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
  } finally {
    await closeDb().catch(() => undefined);
  }
}

process.exitCode = await run(process.argv.slice(2));

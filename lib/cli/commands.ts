/** The operator's commands as one tree; each group loads only when one of its commands is asked for. */
import type { CommandDef } from 'citty';
import { command } from '@/lib/cli/command';
import { contactsText } from '@/lib/cli/help-text';
import { type Group, runCommandLine } from '@/lib/cli/run-command-line';
import { AppError } from '@/lib/platform/errors';

const group = (description: string, load: () => Promise<Record<string, CommandDef>>): Group => ({
  meta: { description },
  subCommands: load,
});

const billingReport = command({
  description: 'a month of billing: plan days, use, invoices and changes',
  args: {
    month: { type: 'string', description: 'the last one unless named', valueHint: 'YYYY-MM' },
    csv: {
      type: 'string',
      description: 'write the customers to this file, the changes to one with -changes before its end',
      valueHint: 'file',
    },
  },
  run: async values => (await import('@/lib/cli/billing-report')).billingReport(values),
});

const root: CommandDef = {
  meta: { name: 'npm run cli --', description: "Tenantry: the operator's commands" },
  subCommands: {
    migrate: command({
      description: 'bring Postgres to the schema of this version',
      run: async () => (await import('@/lib/cli/migrate')).bringUpToDate(),
    }),
    schemas: {
      ...group(
        'plan, apply, back up and recreate BigQuery tables',
        async () => (await import('@/lib/cli/schemas/commands')).schemasCommands,
      ),
      // 2 says that a change was refused.
      wrongUseCode: 1,
    } as Group,
    mirror: group(
      'compare BigQuery with Postgres, rebuild a table, show what waits',
      async () => (await import('@/lib/cli/mirror')).mirrorCommands,
    ),
    jobs: group('list the scheduled jobs and run one now', async () => (await import('@/lib/cli/jobs')).jobsCommands),
    customers: group(
      'open, list and suspend customers, add members',
      async () => (await import('@/lib/cli/customers')).customersCommands,
    ),
    'service-keys': group(
      "create, list and revoke the operator's keys",
      async () => (await import('@/lib/cli/service-keys')).serviceKeysCommands,
    ),
    quotas: group('check the counters and set limits', async () => (await import('@/lib/cli/quotas')).quotasCommands),
    'billing-report': billingReport,
    audit: group(
      'check that no entry of the audit log is missing, list its archives and who was refused',
      async () => (await import('@/lib/cli/audit')).auditCommands,
    ),
    billing: group(
      'events of Stripe, and whether both sides agree',
      async () => (await import('@/lib/cli/billing')).billingCommands,
    ),
    notifications: group(
      'list messages to people, try given up ones again',
      async () => (await import('@/lib/cli/notifications')).notificationsCommands,
    ),
    traces: group(
      'requests to AI models: files of them, their prices',
      async () => (await import('@/lib/cli/traces')).tracesCommands,
    ),
    'agent-log': group(
      'check that no row of an agent log was changed or is missing, export a session with its proof, erase a user',
      async () => (await import('@/lib/cli/agent-log/commands')).agentLogCommands,
    ),
    github: group(
      'read a repository of GitHub now, show how far each was read',
      async () => (await import('@/lib/cli/github')).githubCommands,
    ),
    stripe: group(
      'make products, prices, portal settings and the webhook in Stripe',
      async () => (await import('@/lib/cli/stripe')).stripeCommands,
    ),
  },
};

/** What a person at the terminal is told of an error: the sentence where it is ours, else its message and cause. */
function explain(error: unknown): string {
  if (error instanceof AppError && error.status < 500)
    return [error.message, ...(error.fields ?? []).map(({ path, message }) => `  ${path || 'input'}: ${message}`)].join(
      '\n',
    );
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? `\n  ${error.cause.message}` : '';
  return `${message}${cause}\n${contactsText()}`;
}

/** Runs a line of the operator's and answers its exit code: 0 done, 1 refused or failed, 2 not understood. */
export async function runOperatorCommand(line: string[]): Promise<number> {
  try {
    return await runCommandLine(root, line);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    return 1;
  }
}

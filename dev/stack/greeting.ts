/** What a person needs to begin with a stack that is up: where to go, whom to be, what to try. */
import type { Demo } from '@/dev/stack/demo-stack';

/** Lines to print once all is ready; `logs` is the folder of the log files. */
export function greeting({ portal, dataPlane, env, seed }: Demo, logs: string, seconds: number): string[] {
  const [first] = seed.customers;
  const nameOf = new Map(seed.customers.map(customer => [customer.customer_id, customer.company_name]));
  const lines = [
    `\nReady after ${seconds.toFixed(0)} s.\n`,
    `  Portal        ${portal}`,
    `  Data plane    ${dataPlane}/v1   (its description: ${dataPlane}/docs)`,
    `  Mail inbox    ${env.RESEND_API_URL}/inbox`,
    `  Logs          ${logs}\n`,
    'Sign in with Google as',
    ...seed.users.map(
      user => `  ${user.email.padEnd(32)} ${user.role.padEnd(13)} ${nameOf.get(user.customer_id) ?? ''}`,
    ),
    `  ${seed.staff.padEnd(32)} support staff\n`,
  ];
  if (!first) return lines;
  return [
    ...lines,
    `Start a pipeline run as ${first.company_name}’s worker:`,
    `  curl -sX POST ${dataPlane}/v1/runs -H 'authorization: Bearer ${first.apiKey}' \\`,
    `    -H 'content-type: application/json' -d '{"pipeline_id":"daily","trigger_type":"api","trigger_by":"me"}'\n`,
  ];
}

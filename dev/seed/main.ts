/** `npm run seed [-- --out <file>]`: the demo's two customers with people, keys, event sources and history; refuses to write to the BigQuery service. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inArray } from 'drizzle-orm';
import { loadAgentLogs, seedAgentLog } from '@/dev/seed/agent-log/seed-agent-log';
import { cast, staffEmail } from '@/dev/seed/cast';
import { type SeededCustomer, seedCustomer } from '@/dev/seed/customer';
import { seedDesk } from '@/dev/seed/desk';
import { type MadeSource, seedSource, sendHistory } from '@/dev/seed/events';
import { demoLineage } from '@/dev/seed/lineage/demo-lineage';
import { seedLineage } from '@/dev/seed/lineage/seed-lineage';
import { demoGithub } from '@/dev/seed/pull-requests/demo-github';
import { demoRepositories, seedGithub } from '@/dev/seed/pull-requests/seed-github';
import { seedAiUsage } from '@/dev/seed/traces/ai-usage';
import { customers } from '@/lib/domains/customers/tables';
import { createServiceKey } from '@/lib/domains/keys/service-keys';
import { bringFirstBook } from '@/lib/domains/traces/prices/first-book';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { systemCtx } from '@/lib/kernel/ctx';
import { serviceScopes } from '@/lib/kernel/permissions';
import { closeDb, db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { closeIngestLogs } from '@/lib/warehouse/ingest/log/ingest-log';
import { rebuildMirror } from '@/lib/warehouse/mirror/rebuild';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

/** Tables whose history is loaded at once; the rest goes by the outbox. */
const bulkMirrors = [
  'tenant.pipeline_runs',
  'tenant.run_details',
  'tenant.step_logs',
  'tenant.dq_results',
  'customers.customer_usage_quotas',
];

function summary(seeded: SeededCustomer[], sources: readonly MadeSource[], serviceKey: string) {
  return {
    serviceKey,
    customers: seeded.map(({ customer, apiKey, stripe }) => ({
      customer_id: customer.customerId,
      company_name: customer.companyName,
      plan: customer.subscriptionPlan,
      tenant_dataset_id: customer.tenantDatasetId,
      apiKey,
      stripe_customer_id: stripe.customerId,
      stripe_subscription_id: stripe.subscriptionId,
    })),
    users: seeded.flatMap(({ customer }, index) =>
      (cast[index]?.people ?? []).map(person => ({ ...person, customer_id: customer.customerId })),
    ),
    staff: staffEmail,
    sources: sources.map(({ source }) => source),
  };
}

/** Seeds once; a second call says so and changes nothing. Exit code 2 on the BigQuery service. */
async function seed(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { out: { type: 'string' } } });
  if (!env().BIGQUERY_API_URL) {
    console.error('The seed makes demo customers; it runs on a local BigQuery only.');
    return 2;
  }
  const names = cast.map(demo => demo.companyName);
  const known = await db()
    .select({ name: customers.companyName })
    .from(customers)
    .where(inArray(customers.companyName, names));
  if (known.length > 0) {
    console.error(`${known.map(row => row.name).join(', ')} exist already; nothing was changed.`);
    return values.out ? 1 : 0;
  }
  const started = performance.now();
  const now = new Date();
  await bringFirstBook(systemCtx('seed'));
  const seeded: SeededCustomer[] = [];
  for (const demo of cast) seeded.push(await seedCustomer(demo, now));
  const sources: MadeSource[] = [];
  for (const [index, { customer }] of seeded.entries())
    for (const demo of cast[index]?.sources ?? []) sources.push(await seedSource(demo, customer, now));
  await sendHistory(sources);
  for (const [index, { customer }] of seeded.entries()) {
    const demo = cast[index];
    if (!demo) continue;
    const github = demoGithub[demo.companyName];
    const repositories = github ? demoRepositories(github, now) : [];
    const work = repositories.flatMap(repository => repository.work);
    await seedAiUsage(demo.ai, work, customer, now);
    if (github) await seedGithub(github, repositories, customer, now);
    await seedAgentLog(demo.ai, customer, now);
    if (index === 0) await seedDesk(customer, now);
    const lineage = demoLineage[demo.companyName];
    if (lineage) await seedLineage(lineage, customer, now);
  }
  await loadAgentLogs(seeded.map(({ customer }) => customer));
  const { result } = await createServiceKey(systemCtx('seed'), { name: 'demo workers', scopes: serviceScopes });
  await flushOnce(relayDeps(), { lockWaitMs: 30_000 });
  for (const mirror of bulkMirrors) await rebuildMirror(relayDeps(), mirror);
  if (values.out)
    writeFileSync(values.out, JSON.stringify(summary(seeded, sources, result.secret.reveal()), null, 2), {
      mode: 0o600,
    });
  console.error(`Seeded ${names.join(' and ')} in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  return 0;
}

async function close(): Promise<void> {
  await closeIngestLogs();
  await closeDb();
}

process.exitCode = await seed(process.argv.slice(2)).finally(() => close().catch(() => undefined));

/** The demo's agent log: its events and snapshots are taken, chained and made ready for the worker's loader as those of any sender. */
import { agentEvents, agentSnapshots } from '@/dev/seed/agent-log/agent-events';
import { seededRandom } from '@/dev/seed/random';
import type { DemoTeam } from '@/dev/seed/traces/ai-requests';
import { takeEvents, takeSnapshots } from '@/lib/domains/agent-log/collect/take-items';
import { agentConsumer } from '@/lib/domains/agent-log/process/agent-consumer';
import { agentSizes } from '@/lib/domains/agent-log/rules';
import type { Customer } from '@/lib/domains/customers/tables';
import { loaderDeps } from '@/lib/edge/worker/ingest';
import { requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { agentDatasetOf } from '@/lib/warehouse/agent-dataset';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';

const shownDays = 90;
const sessionsADay = 8;

/** Ninety days of a customer's agents. */
export async function seedAgentLog(team: DemoTeam & { seed: number }, customer: Customer, now: Date): Promise<void> {
  const ctx = requireCustomer(systemCtx('seed', customer, () => now));
  const { append } = ingestLog('agent-log');
  const random = seededRandom(team.seed + 7);
  const options = {
    users: team.developers,
    repositories: team.repositories,
    sessionsADay,
    random,
    now,
    days: shownDays,
  };
  const snapshots = agentSnapshots(options);
  const events = agentEvents(options, snapshots);
  await takeSnapshots(ctx, {}, { items: snapshots.map(value => ({ value })), append });
  for (let from = 0; from < events.length; from += agentSizes.events) {
    const items = events.slice(from, from + agentSizes.events).map(value => ({ value }));
    const { refusedCount } = await takeEvents(ctx, {}, { items, append });
    if (refusedCount > 0) throw new Error(`${refusedCount} events of ${customer.companyName} were refused`);
  }
}

/** Brings what was sent to BigQuery, as the worker does; what a busy machine leaves is the worker's. */
export async function loadAgentLogs(customers: readonly Customer[]): Promise<void> {
  while ((await consumeOnce(agentConsumer)).entries > 0);
  const datasets = customers.map(({ tenantDatasetId }) => agentDatasetOf(tenantDatasetId));
  await loadOnce(loaderDeps(), { datasets });
}

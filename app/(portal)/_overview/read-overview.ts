/** Everything the Overview shows, asked at once; a part that fails leaves the others. */
import { type AttentionFacts, type AttentionItem, attentionItems } from '@/app/(portal)/_overview/attention';
import { bannersByPriority } from '@/app/(portal)/_shell/banner';
import { visitorQuota, visitorSubscription } from '@/app/(portal)/_shell/visitor';
import { listCredentials } from '@/lib/domains/credentials/queries';
import { maxCredentials } from '@/lib/domains/credentials/rules';
import { listExpiringKeys, listKeys } from '@/lib/domains/keys/queries';
import { readTroubledConfigs, type TroubledConfigs } from '@/lib/domains/providers/troubled-configs';
import { type HistoryDay, type HistoryLength, readHistory } from '@/lib/domains/quotas/history';
import type { Quota } from '@/lib/domains/quotas/read-quota';
import {
  type CheckedTable,
  listTablesInput,
  matchingTables,
  readCheckedTables,
} from '@/lib/domains/runs/quality/checked-tables';
import { type FailingPipeline, listFailingPipelines } from '@/lib/domains/runs/reads/failing-pipelines';
import { type ObservedDays, readObservedDays } from '@/lib/domains/runs/reads/observed-days';
import { type RecentCounts, readRecent } from '@/lib/domains/runs/reads/recent';
import { type ListedRun, listRuns } from '@/lib/domains/runs/reads/run-list';
import type { BillingView } from '@/lib/domains/subscriptions/view';
import { readSeats, type Seats } from '@/lib/domains/team/seats';
import { listSpentBudgets, type SpentBudget } from '@/lib/domains/traces/budgets/list-budgets';
import { type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import { type Ctx, requireCustomer } from '@/lib/kernel/ctx';
import { addDays } from '@/lib/platform/clock';
import { olderOf, type RowsAge } from '@/lib/warehouse/query/rows-age';

/** Days of use, which count what took quota, and the observed runs of the same days. */
export type RunDays = RowsAge & { days: HistoryDay[]; observed: ObservedDays };

type Key = { id: string; name: string; expiresAt: Date };
type EndingKeys = RowsAge & { expiring: Key[]; expired: Key[] };

export type OverviewData = {
  quota: Quota;
  history: CardData<RunDays>;
  recent: CardData<RowsAge & { counts: RecentCounts }>;
  latest: CardData<RowsAge & { rows: ListedRun[] }>;
  keys: CardData<EndingKeys>;
  failing: CardData<RowsAge & { rows: FailingPipeline[] }>;
  tables: CardData<RowsAge & { tables: CheckedTable[] }>;
  credentials: CardData<TroubledCredentials>;
  attention: AttentionItem[];
};

type Credential = AttentionFacts['credentials'][number];
type TroubledCredentials = RowsAge & { troubled: Credential[] };

const expiredShown = 20;
/** The list that "Needs attention" links to. */
const failingToday = listTablesInput.parse({ state: 'failing', checked: 'today' });

/** Keys that end within 14 days, and those that ended without a replacement or revocation, newest first. */
async function readEndingKeys(ctx: Ctx): Promise<EndingKeys> {
  const [expiring, expired] = await Promise.all([
    listExpiringKeys(ctx, {}),
    listKeys(ctx, { status: 'expired', sort: 'expires', dir: 'desc', limit: expiredShown }),
  ]);
  return {
    ...olderOf(expiring, expired),
    expiring: expiring.rows.map(row => ({ id: row.api_key_id, name: row.key_name, expiresAt: row.expires_at })),
    expired: expired.keys
      .filter(key => key.deactivated_at === null && key.replaced_by === null)
      .flatMap(key => (key.expires_at ? [{ id: key.api_key_id, name: key.name, expiresAt: key.expires_at }] : [])),
  };
}

/** Every run of the days that end today. */
async function readRunDays(ctx: Ctx, quota: Quota, days: HistoryLength): Promise<RunDays> {
  const range = { from: addDays(quota.day, 1 - days), to: quota.day };
  const [history, observed] = await Promise.all([readHistory(ctx, quota, range), readObservedDays(ctx, range)]);
  return { ...olderOf(history, observed), days: history.days, observed: observed.observed };
}

/** Credentials that their provider refuses, have expired or will soon. */
async function readTroubledCredentials(ctx: Ctx): Promise<TroubledCredentials> {
  const { credentials, ...age } = await listCredentials(ctx, { limit: maxCredentials });
  const troubled = credentials.flatMap(({ credential_id, name, health, failing_since, expires_at }) => {
    if (health !== 'FAILING' && health !== 'EXPIRED' && health !== 'EXPIRES_SOON') return [];
    return [{ id: credential_id, name, health, at: health === 'FAILING' ? failing_since : expires_at }];
  });
  return { ...age, troubled };
}

type Sources = {
  visitor: Visitor;
  quota: Quota;
  keys: CardData<EndingKeys>;
  failing: CardData<{ rows: FailingPipeline[] }>;
  tables: CardData<{ tables: CheckedTable[] }>;
  credentials: CardData<TroubledCredentials>;
  configs: TroubledConfigs;
  seats: Seats;
  budgets: SpentBudget[];
  billing: BillingView;
};

function attentionOf(sources: Sources): AttentionItem[] {
  const { visitor, quota, keys, failing, tables, credentials, configs, seats, budgets, billing } = sources;
  const { customerStatus, trialEndDate, deletionDueAt } = visitor.membership;
  const banners = bannersByPriority({
    ...quota,
    customerStatus,
    trialEndDate,
    deletionDueAt,
    billing,
    // Each of them is told by itself.
    failingCredentials: [],
    now: quota.asOf,
    mayAct: visitorMay(visitor, 'billing:write'),
    admins: [],
  });
  return attentionItems({
    now: quota.asOf,
    banners,
    failingPipelines: failing.ok ? failing.data.rows : [],
    failingTables: tables.ok ? matchingTables(tables.data.tables, failingToday, quota.day) : [],
    credentials: credentials.ok ? credentials.data.troubled : [],
    configs,
    expiringKeys: keys.ok ? keys.data.expiring : [],
    expiredKeys: keys.ok ? keys.data.expired : [],
    seats,
    budgets,
    mayWriteKeys: visitorMay(visitor, 'keys:write'),
  });
}

/** Reads the page of one visitor; `chartDays` ends today. Throws where Postgres cannot be asked. */
export async function readOverview(visitor: Visitor, chartDays: HistoryLength): Promise<OverviewData> {
  const { ctx } = visitor;
  const card = <Data>(answer: Promise<Data>) => cardData(ctx.requestId, answer);
  const quotaRead = visitorQuota(visitor);
  const [quota, history, recent, latest, keys, failing, tables, credentials, configs, seats, budgets, billing] =
    await Promise.all([
      quotaRead,
      card(quotaRead.then(quota => readRunDays(ctx, quota, chartDays))),
      card(readRecent(ctx)),
      card(listRuns(ctx, { limit: 5 })),
      card(readEndingKeys(ctx)),
      card(listFailingPipelines(ctx, {})),
      card(readCheckedTables(ctx)),
      card(readTroubledCredentials(ctx)),
      readTroubledConfigs(ctx),
      readSeats(requireCustomer(ctx)),
      listSpentBudgets(requireCustomer(ctx), {}),
      visitorSubscription(visitor),
    ]);
  const attention = attentionOf({
    visitor,
    quota,
    keys,
    failing,
    tables,
    credentials,
    configs,
    seats,
    budgets,
    billing,
  });
  return { quota, history, recent, latest, keys, failing, tables, credentials, attention };
}

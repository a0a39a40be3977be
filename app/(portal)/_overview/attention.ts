/** "Needs attention": what an admin should see to before it stops work, from facts the page has read. Pure. */
import { formatCount, formatDollars, formatPlural, formatRelative } from '@/app/_ui/format';
import { hrefWith } from '@/app/_ui/list-params';
import { meterState } from '@/app/_ui/meter-state';
import { runHref } from '@/app/(portal)/_runs/run-links';
import type { BannerContent } from '@/app/(portal)/_shell/banner';
import { sectionHref } from '@/app/(portal)/_shell/sections';
import { tableHref } from '@/app/(portal)/data-quality/_parts/quality-words';
import { budgetsHref } from '@/app/(portal)/traces/budgets/_parts/budget-words';
import type { TroubledConfigs } from '@/lib/domains/providers/troubled-configs';
import { aboutWords, budgetState } from '@/lib/domains/traces/budgets/budget-view';
import type { SpentBudget } from '@/lib/domains/traces/budgets/list-budgets';

export type AttentionItem = {
  id: string;
  tone: 'bad' | 'warn';
  text: string;
  /** Left out where the page it needs does not exist, or the visitor may not act there. */
  action?: { label: string; href: string };
};

/** What failed and for how long it is news is the query's to say. */
type FailingPipeline = { pipeline_id: string; failed: number; last_failed_at: Date; last_run_id: string };
type FailingTable = { table: string; passed: number; failed: number; executedAt: Date };

type Credential = {
  id: string;
  name: string;
  health: 'FAILING' | 'EXPIRED' | 'EXPIRES_SOON';
  /** Since when it fails, or when it expires. */
  at: Date | null;
};

type Key = { id: string; name: string; expiresAt: Date };

export type AttentionFacts = {
  now: Date;
  /** Everything the shell has to tell; its first is the banner over the page and is not repeated. */
  banners: readonly BannerContent[];
  /** Of the last 24 hours, the latest failure first. */
  failingPipelines: readonly FailingPipeline[];
  /** Tables that fail their checks of today. */
  failingTables: readonly FailingTable[];
  /** Credentials that their provider refuses, and those that expire within 14 days or have. */
  credentials: readonly Credential[];
  configs: TroubledConfigs;
  expiringKeys: readonly Key[];
  /** Expired keys that nobody has revoked or replaced. */
  expiredKeys: readonly Key[];
  seats: { used: number; limit: number };
  /** Budgets of AI usage at 80 % or beyond, the most used first. */
  budgets: readonly Pick<SpentBudget, 'budget_id' | 'scope' | 'subject' | 'amount_usd' | 'spent_usd'>[];
  mayWriteKeys: boolean;
};

/** Expired keys are told for this long; later they are history, not news. */
const expiredShownDays = 14;
/** Pipelines, and tables, that are told by their names. */
const named = 3;
const dayMs = 86_400_000;

const link = (label: string, href: string): Pick<AttentionItem, 'action'> => ({ action: { label, href } });

function keyItems({ now, expiringKeys, expiredKeys, mayWriteKeys }: AttentionFacts): AttentionItem[] {
  const rotate = (key: Key) => (mayWriteKeys ? link('Rotate', `/keys/${encodeURIComponent(key.id)}/rotate`) : {});
  const recent = expiredKeys.filter(({ expiresAt }) => now.getTime() - expiresAt.getTime() < expiredShownDays * dayMs);
  return [
    ...recent.map(key => ({
      id: key.id,
      tone: 'bad' as const,
      text: `Key “${key.name}” expired ${formatRelative(key.expiresAt, now)}`,
      ...rotate(key),
    })),
    ...expiringKeys.map(key => ({
      id: key.id,
      tone: 'warn' as const,
      text: `Key “${key.name}” expires ${formatRelative(key.expiresAt, now)}`,
      ...rotate(key),
    })),
  ];
}

function runItems({ now, failingPipelines }: AttentionFacts): AttentionItem[] {
  const told = failingPipelines.slice(0, named).map(({ pipeline_id, failed, last_failed_at, last_run_id }) => {
    const times = failed === 1 ? '' : ` ${formatCount(failed)} times, last`;
    return {
      id: `run-${pipeline_id}`,
      tone: 'bad' as const,
      text: `Pipeline “${pipeline_id}” failed${times} ${formatRelative(last_failed_at, now)}`,
      ...link('Open run', runHref(last_run_id)),
    };
  });
  const others = failingPipelines.length - told.length;
  if (others === 0) return told;
  const text = `${others === 1 ? '1 more pipeline' : `${formatCount(others)} more pipelines`} failed in the last 24 hours`;
  return [...told, { id: 'runs', tone: 'bad' as const, text, ...link('Pipelines', '/pipelines') }];
}

function tableItems({ now, failingTables }: AttentionFacts): AttentionItem[] {
  const told = failingTables.slice(0, named).map(({ table, passed, failed, executedAt }) => ({
    id: `table-${table}`,
    tone: 'bad' as const,
    text: `Table “${table}” failed ${formatCount(failed)} of ${formatPlural(passed + failed, 'expectation')} ${formatRelative(executedAt, now)}`,
    ...link('Open table', tableHref(table)),
  }));
  const others = failingTables.length - told.length;
  if (others === 0) return told;
  const text = `${formatPlural(others, 'more table fails', 'more tables fail')} ${others === 1 ? 'its' : 'their'} checks of today`;
  const all = hrefWith('/data-quality', { state: 'failing', checked: 'today' }, {});
  return [...told, { id: 'tables', tone: 'bad' as const, text, ...link('Data quality', all) }];
}

function seatItems({ seats }: AttentionFacts): AttentionItem[] {
  const state = meterState(seats.used, seats.limit, 'hold');
  const count = `${seats.used} of ${seats.limit}`;
  const team = link('Team', sectionHref('team'));
  if (state === 'over')
    return [{ id: 'seats', tone: 'bad', text: `More seats used than the plan has: ${count}`, ...team }];
  if (state === 'full') return [{ id: 'seats', tone: 'warn', text: `Seats full: ${count}`, ...team }];
  return [];
}

function credentialItems({ now, credentials }: AttentionFacts): AttentionItem[] {
  return credentials.map(({ id, name, health, at }) => {
    const when = at ? ` ${formatRelative(at, now)}` : '';
    const texts = {
      FAILING: `Credential “${name}” fails its connection test${at ? `, since ${formatRelative(at, now)}` : ''}`,
      EXPIRED: `Credential “${name}” expired${when}`,
      EXPIRES_SOON: `Credential “${name}” expires${when}`,
    };
    const tone = health === 'EXPIRES_SOON' ? 'warn' : 'bad';
    return { id, tone, text: texts[health], ...link('Open', `/credentials/${encodeURIComponent(id)}`) };
  });
}

function configItems({ now, configs: { backingOff, missed } }: AttentionFacts): AttentionItem[] {
  const open = (id: string) => link('Open', `/providers/${encodeURIComponent(id)}`);
  return [
    ...missed.slice(0, named).map(({ configId, name, scheduledFor }) => ({
      id: `missed-${configId}`,
      tone: 'bad' as const,
      text: `Provider “${name}” did not run at its time ${formatRelative(scheduledFor, now)}`,
      ...open(configId),
    })),
    ...backingOff.slice(0, named).map(({ configId, name, failures }) => ({
      id: `held-${configId}`,
      tone: 'bad' as const,
      text: `Provider “${name}” failed ${formatCount(failures)} times in a row and runs less often`,
      ...open(configId),
    })),
  ];
}

function budgetItems({ budgets }: AttentionFacts): AttentionItem[] {
  const open = link('Budgets', budgetsHref);
  const told = budgets.slice(0, named).map(budget => {
    const { budget_id: id, spent_usd, amount_usd } = budget;
    const reached = budgetState(spent_usd, amount_usd) === 'reached';
    const used = `${formatDollars(spent_usd)} of ${formatDollars(amount_usd)} used this month`;
    const text = `Budget for ${aboutWords(budget)}: ${used}`;
    return { id, tone: reached ? ('bad' as const) : ('warn' as const), text, ...open };
  });
  const others = budgets.length - told.length;
  if (others === 0) return told;
  const text = `${formatPlural(others, 'more budget is', 'more budgets are')} at 80 % or beyond`;
  return [...told, { id: 'budgets', tone: 'warn' as const, text, ...open }];
}

const shellWords = { usage: 'Usage', billing: 'Billing', credentials: 'Credentials' } as const;

/** The list, broken things before warnings. */
export function attentionItems(facts: AttentionFacts): AttentionItem[] {
  const told = facts.banners.slice(1).map(
    ({ tone, text, about }, index): AttentionItem => ({
      id: `shell-${index}`,
      tone,
      text: text.replace(/\.$/, ''),
      ...link(shellWords[about], sectionHref(about)),
    }),
  );
  const items = [
    ...told,
    ...credentialItems(facts),
    ...configItems(facts),
    ...runItems(facts),
    ...tableItems(facts),
    ...keyItems(facts),
    ...seatItems(facts),
    ...budgetItems(facts),
  ];
  return [...items.filter(item => item.tone === 'bad'), ...items.filter(item => item.tone === 'warn')];
}

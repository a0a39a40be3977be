/** "Needs attention": what an admin should see to before it stops work, from facts the page has read. Pure. */
import { formatCount, formatRelative } from '@/app/_ui/format';
import { meterState } from '@/app/_ui/meter-state';
import type { BannerContent } from '@/app/(portal)/_shell/banner';

export type AttentionItem = {
  id: string;
  tone: 'bad' | 'warn';
  text: string;
  /** Left out where the page it needs does not exist, or the visitor may not act there. */
  action?: { label: string; href: string };
};

/** What failed and for how long it is news is the query's to say. */
type FailingPipeline = { pipeline_id: string; failed: number; last_failed_at: Date };

type Key = { id: string; name: string; expiresAt: Date };

export type AttentionFacts = {
  now: Date;
  /** Everything the shell has to tell; its first is the banner over the page and is not repeated. */
  banners: readonly BannerContent[];
  /** Of the last 24 hours, the latest failure first. */
  failingPipelines: readonly FailingPipeline[];
  expiringKeys: readonly Key[];
  /** Expired keys that nobody has revoked or replaced. */
  expiredKeys: readonly Key[];
  seats: { used: number; limit: number };
  mayWriteKeys: boolean;
  /** Address of a section, where it exists. */
  sectionHref: (section: 'usage' | 'billing' | 'team') => string | undefined;
};

/** Expired keys are told for this long; later they are history, not news. */
const expiredShownDays = 14;
const pipelinesNamed = 3;
const dayMs = 86_400_000;

const link = (label: string, href: string | undefined): Pick<AttentionItem, 'action'> =>
  href === undefined ? {} : { action: { label, href } };

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
  const named = failingPipelines.slice(0, pipelinesNamed).map(({ pipeline_id, failed, last_failed_at }) => {
    const times = failed === 1 ? '' : ` ${formatCount(failed)} times, last`;
    return {
      id: `run-${pipeline_id}`,
      tone: 'bad' as const,
      text: `Pipeline “${pipeline_id}” failed${times} ${formatRelative(last_failed_at, now)}`,
    };
  });
  const others = failingPipelines.length - named.length;
  if (others === 0) return named;
  const text = `${others === 1 ? '1 more pipeline' : `${formatCount(others)} more pipelines`} failed in the last 24 hours`;
  return [...named, { id: 'runs', tone: 'bad' as const, text }];
}

function seatItems({ seats, sectionHref }: AttentionFacts): AttentionItem[] {
  const state = meterState(seats.used, seats.limit, 'hold');
  const count = `${seats.used} of ${seats.limit}`;
  const team = link('Team', sectionHref('team'));
  if (state === 'over')
    return [{ id: 'seats', tone: 'bad', text: `More seats used than the plan has: ${count}`, ...team }];
  if (state === 'full') return [{ id: 'seats', tone: 'warn', text: `Seats full: ${count}`, ...team }];
  return [];
}

/** The list, broken things before warnings. */
export function attentionItems(facts: AttentionFacts): AttentionItem[] {
  const told = facts.banners.slice(1).map(
    ({ tone, text, about }, index): AttentionItem => ({
      id: `shell-${index}`,
      tone,
      text: text.replace(/\.$/, ''),
      ...link(about === 'usage' ? 'Usage' : 'Billing', facts.sectionHref(about)),
    }),
  );
  const items = [...told, ...runItems(facts), ...keyItems(facts), ...seatItems(facts)];
  return [...items.filter(item => item.tone === 'bad'), ...items.filter(item => item.tone === 'warn')];
}

/** What was opened from the palette last, in this browser, by organization. A browser that keeps nothing has none. */
import type { Target } from '@/app/_ui/palette/target';

const most = 6;
const keyOf = (customerId: string): string => `tenantry.recent.${customerId}`;

const isTarget = (value: unknown): value is Target => {
  const { label, href } = (value ?? {}) as Partial<Target>;
  // Only our own pages, whoever wrote what is stored.
  return typeof label === 'string' && typeof href === 'string' && /^\/(?!\/)/.test(href);
};

/** The latest first. */
export function recentTargets(customerId: string): Target[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(customerId)) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isTarget).map(target => ({ ...target, group: 'Recent' })) : [];
  } catch {
    return [];
  }
}

/** Puts it first. */
export function rememberTarget(customerId: string, { label, href, detail }: Target): void {
  const others = recentTargets(customerId).filter(kept => kept.href !== href);
  try {
    localStorage.setItem(keyOf(customerId), JSON.stringify([{ label, href, detail }, ...others].slice(0, most)));
  } catch {
    // Nothing is kept, and nothing is missing.
  }
}

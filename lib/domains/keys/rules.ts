/** Rules of API keys: scopes by preset and subject, rate tiers, expiry, grace of a rotation, and the status a key has at an instant. */
import { customerScopes, type Permission } from '@/lib/kernel/permissions';

export const keyPresets = ['worker', 'read_only'] as const;
export type KeyPreset = (typeof keyPresets)[number];
/** What a form sends in the place of a preset where each scope is chosen; the CSS of its fields names it too. */
export const customPreset = 'custom';

type PresetRule = { label: string; description: string; scopes: readonly Permission[] };

/** Scopes that most keys need, by what the key is for. Neither fetches stored credentials: that is chosen one by one. */
export const presetRules: Record<KeyPreset, PresetRule> = {
  worker: {
    label: 'Worker',
    description: 'Starts and completes runs, reads quota and provider configs.',
    scopes: ['runs:read', 'runs:write', 'quota:read', 'providers:read'],
  },
  read_only: {
    label: 'Read only',
    description: 'Reads everything but stored credentials, changes nothing.',
    scopes: customerScopes.filter(scope => scope.endsWith(':read') && scope !== 'credentials:read'),
  },
};

/** What scopes are about, by the word before the colon, in the order of a form. */
const subjects: Record<string, string> = {
  runs: 'Runs',
  quota: 'Quota',
  providers: 'Providers',
  credentials: 'Credentials',
  events: 'Event sources',
  traces: 'AI usage',
  prices: 'AI usage',
  budgets: 'AI usage',
  'agent-log': 'Agent log',
  desk: 'Query desk',
  'pull-requests': 'Pull requests',
  keys: 'API keys',
  team: 'Team',
  billing: 'Billing',
};

/** Every scope of a customer's key once, under what it is about. */
export const scopeGroups: { subject: string; scopes: Permission[] }[] = [...new Set(Object.values(subjects))].map(
  subject => ({ subject, scopes: customerScopes.filter(scope => subjects[scope.split(':')[0] ?? ''] === subject) }),
);

export const rateTiers = ['STANDARD', 'ELEVATED', 'UNLIMITED'] as const;
export type RateTier = (typeof rateTiers)[number];

type TierRule = {
  /** Requests a second; null where nothing is counted. */
  requestsPerSecond: number | null;
  /** Who may give it to a key: admins of the customer, or only staff. */
  grantedBy: 'admin' | 'staff';
  description: string;
};

/** What each tier allows. Without REDIS_URL each process counts for itself, and N of them may let N times as many through. */
export const tierRules: Record<RateTier, TierRule> = {
  STANDARD: { requestsPerSecond: 20, grantedBy: 'admin', description: '20 requests a second' },
  ELEVATED: { requestsPerSecond: 200, grantedBy: 'admin', description: '200 requests a second, for busy workers' },
  UNLIMITED: { requestsPerSecond: null, grantedBy: 'staff', description: 'No rate limit; given by support' },
};

/** Tiers an admin of a customer may choose. */
export const adminTiers = rateTiers.filter(tier => tierRules[tier].grantedBy === 'admin');

/** Active keys a customer may have, unless support gave it another number. */
export const defaultMaxActiveKeys = 50;

/** How long the old key may go on after a rotation, in seconds. Source: docs/ui.md, Decided. */
export const graceChoices = [
  { seconds: 0, label: 'Now' },
  { seconds: 3_600, label: '1 hour' },
  { seconds: 86_400, label: '24 hours' },
  { seconds: 604_800, label: '7 days' },
] as const;
export const defaultGraceSeconds = 86_400;

const dayMs = 86_400_000;
/** Days a form offers for a key's life; besides, a date or never. */
export const expiryDayChoices = [30, 90, 365] as const;
export const defaultExpiryDays = 90;
export const longestLifeDays = 5 * 366;
export const expiresSoonDays = 14;
/** A key used within this time is revoked only after its name is typed. */
export const recentUseDays = 7;

/** How long calls of a key are kept, and how many of its latest ones with who made them. */
export const callDaysKept = 90;
export const callersKept = 20;

export const keyStatuses = ['ACTIVE', 'EXPIRES_SOON', 'REPLACED', 'EXPIRED', 'REVOKED'] as const;
export type KeyStatus = (typeof keyStatuses)[number];

/** What of a key decides its status; `replaced` when another key was rotated from it. */
export type KeyState = {
  isActive: boolean;
  expiresAt: Date | null;
  deactivatedAt: Date | null;
  replaced: boolean;
};

/**
 * Status of a key at `now`. A key that the monthly task switched off after its expiry stays EXPIRED; REPLACED is an old key in
 * its grace period, which still works. sql/keys/list-keys.sql decides alike.
 */
export function statusOfKey(key: KeyState, now: Date): KeyStatus {
  const expired = key.expiresAt !== null && key.expiresAt <= now;
  if (!key.isActive) {
    const wasExpired = key.expiresAt !== null && key.deactivatedAt !== null && key.expiresAt <= key.deactivatedAt;
    return wasExpired ? 'EXPIRED' : 'REVOKED';
  }
  if (expired) return 'EXPIRED';
  if (key.replaced) return 'REPLACED';
  if (key.expiresAt && key.expiresAt.getTime() - now.getTime() <= expiresSoonDays * dayMs) return 'EXPIRES_SOON';
  return 'ACTIVE';
}

/** Why an expiry cannot be taken at `now`; null when it can. */
export function expiryProblem(expiresAt: Date | null, now: Date): string | null {
  if (!expiresAt) return null;
  if (expiresAt <= now) return 'Choose a time in the future.';
  if (expiresAt.getTime() - now.getTime() > longestLifeDays * dayMs) return 'Choose a time within 5 years, or never.';
  return null;
}

/** When an old key stops after a rotation at `now`: the grace's end, never past its own expiry. */
export function graceEnd(oldExpiresAt: Date | null, graceSeconds: number, now: Date): Date {
  const end = new Date(now.getTime() + graceSeconds * 1000);
  return oldExpiresAt && oldExpiresAt < end ? oldExpiresAt : end;
}

/** Expiry of the key that replaces another at `now`: it lives as long as the old one was meant to. */
export function successorExpiry(old: { createdAt: Date; expiresAt: Date | null }, now: Date): Date | null {
  if (!old.expiresAt) return null;
  const lifeMs = Math.max(dayMs, old.expiresAt.getTime() - old.createdAt.getTime());
  return new Date(now.getTime() + lifeMs);
}

/** Whether revoking the key asks for its name: it was used in the last 7 days. Source: docs/ui.md, API keys. */
export const wasUsedRecently = (lastUsedAt: Date | null, now: Date): boolean =>
  lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() <= recentUseDays * dayMs;

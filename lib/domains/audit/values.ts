/** Fields and values of an audited change as people read them: labels, instants, money, lengths of time, ids. */
import { dayWords, instantWords, moneyWords, roleWords } from '@/lib/domains/notifications/words';
import { planTitle } from '@/lib/domains/subscriptions/rules';
import { cronWords } from '@/lib/platform/cron';
import { isUuid } from '@/lib/platform/ids';
import { formatBytes } from '@/lib/platform/words/format-bytes';

/** A text, an instant, or an id that is shown small and can be copied. */
export type ShownValue = string | Date | { id: string; name?: string | undefined };

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const prefixedPattern = /^[a-z]{2,6}_(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{6,}$/;
const machinePattern = /^([0-9a-f]{16,}|\d{6,}|(user|person|api_key|service|staff|system|job|stripe):.+|not_stored)$/i;

/** Whether a text is an id that says nothing to people. */
export const isRawId = (text: string): boolean =>
  isUuid(text) || prefixedPattern.test(text) || machinePattern.test(text);

/** Fields that are not what their name's words say. */
const labels: Record<string, string> = {
  key_prefix: 'Start of the key',
  key_last4: 'End of the key',
  company_name: 'Name',
  rate_limit_tier: 'Rate tier',
  daily_limit: 'Runs a day',
  monthly_limit: 'Runs a month',
  concurrent_limit: 'Runs at once',
  api_calls_month_limit: 'API calls a month',
  max_active_keys: 'API keys',
  max_events_per_month: 'Events a month',
  keep_days: 'Kept for',
  repo: 'Repository',
  login: 'GitHub account',
  schedule_cron: 'Schedule',
  amount_usd: 'Budget',
  google_subject: 'Google’s id',
  query_name: 'Name',
  sql_bytes: 'Length of the text',
  max_bytes_per_query: 'A query may bill',
  bytes_per_day: 'A day may bill',
  cap_bytes: 'Cap',
  asked_via: 'Asked by',
};
const spelled: Record<string, string> = {
  api: 'API',
  url: 'URL',
  ip: 'IP',
  json: 'JSON',
  ai: 'AI',
  usd: 'USD',
  sql: 'SQL',
};
/** What a unit at the end of a name says is in the value already. */
const units = /_(at|usd|cents|seconds|minutes|hours|days|ms|id|ids)$/;

/** "Rate tier" of `rate_limit_tier`, "Owner, e-mail" of `owner.email`; an id stays one. */
export function fieldLabel(path: string): string {
  if (isRawId(path)) return path;
  const words = path.split('.').map(part => {
    const snake = part.replace(/[a-z][A-Z]/g, pair => `${pair[0]}_${pair[1]}`).toLowerCase();
    const plain = snake.replace(units, '').split('_');
    return labels[snake] ?? plain.map(word => spelled[word] ?? word).join(' ');
  });
  const label = words.join(', ');
  return label.charAt(0).toUpperCase() + label.slice(1);
}

const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });
const plural = (count: number, unit: string): string => `${counts.format(count)} ${unit}${count === 1 ? '' : 's'}`;

/** "1 hour", "90 seconds", "7 days": the largest unit that loses nothing. */
export function lengthWords(seconds: number): string {
  if (seconds === 0) return 'none';
  for (const [unit, size] of [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const)
    if (seconds % size === 0) return plural(seconds / size, unit);
  return plural(seconds, 'second');
}

const lengths: readonly [ending: RegExp, seconds: number][] = [
  [/_seconds$/, 1],
  [/_minutes$/, 60],
  [/_hours$/, 3_600],
  [/(^|_)days$/, 86_400],
];

/** Sizes that somebody set are written as they were. */
const isLimit = /^(max|cap)_|_per_/;

function numberWords(name: string, value: number): string {
  if (name.endsWith('_cents')) return moneyWords(value, 'USD');
  if (name.endsWith('_usd'))
    return value < 0.1 && value > 0 ? `$${counts.format(value)}` : moneyWords(value * 100, 'USD');
  if (/(^|_)bytes(_|$)/.test(name)) return formatBytes(value, { exact: isLimit.test(name) });
  if (name.endsWith('_ms')) return `${counts.format(value / 1000)} s`;
  const length = lengths.find(([ending]) => ending.test(name));
  return length ? lengthWords(value * length[1]) : counts.format(value);
}

const sentenceCase = (text: string): string => {
  const words = text.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Words of closed lists: roles, plans, states and kinds. */
function codeWords(name: string, code: string): string {
  if (name.endsWith('plan') || name.endsWith('plan_name')) return planTitle(code);
  return Object.hasOwn(roleWords, code) ? roleWords[code as keyof typeof roleWords] : sentenceCase(code);
}

const codeFields = /(^|_)(status|state|outcome|cause|origin|kind|type|reason|direction|scope|health|page|tier)$/;

/** A schedule in words with its expression; the expression alone where it is none any more. */
function scheduleText(cron: string): string {
  try {
    return `${cronWords(cron)} (${cron})`;
  } catch {
    return cron;
  }
}

function textValue(name: string, text: string): ShownValue {
  if (name === 'schedule_cron') return scheduleText(text);
  if (instantPattern.test(text)) return new Date(text);
  if (dayPattern.test(text)) return dayWords(text);
  if (isRawId(text)) return { id: text };
  if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(text) && text.length > 2) return codeWords(name, text);
  if (codeFields.test(name) && /^[a-z0-9]+(_[a-z0-9]+)*$/.test(text)) return sentenceCase(text);
  if (/_usd$/.test(name) && Number.isFinite(Number(text))) return numberWords(name, Number(text));
  return text;
}

const itemText = (name: string, item: unknown): string => {
  if (typeof item === 'object' && item !== null) return JSON.stringify(item);
  return typeof item === 'string' && dayPattern.test(item) ? dayWords(item) : plainText(name, item);
};

/** A value in words alone, as sentences need it. */
export function plainText(name: string, value: unknown): string {
  const shown = shownValue(name, value);
  if (shown instanceof Date) return instantWords(shown.toISOString());
  return typeof shown === 'string' ? shown : shown.id;
}

/** The value of a field as it is shown; `name` says its unit. */
export function shownValue(name: string, value: unknown): ShownValue {
  switch (typeof value) {
    case 'boolean':
      return value ? 'Yes' : 'No';
    case 'number':
      return numberWords(name, value);
    case 'string':
      return textValue(name, value);
    default:
      return Array.isArray(value) ? value.map(item => itemText(name, item)).join(', ') || 'none' : String(value);
  }
}

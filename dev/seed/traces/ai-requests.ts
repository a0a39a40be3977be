/** Believable requests to AI models of one customer: developers work in sessions, on weekdays more than at weekends. Pure. */
import type { BranchWork } from '@/dev/seed/pull-requests/pull-history';
import type { Random } from '@/dev/seed/random';
import { traceHash } from '@/lib/domains/traces/normalize/trace-hash';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import { type BudgetScope, documentCostUsd } from '@/lib/domains/traces/rules';
import { addDays, utcDay } from '@/lib/platform/clock';

export type DemoModel = { provider: string; model: string; weight: number; latencyMs: number };

/** All but the last have a price in the book that the product brings along. */
export const demoModels: readonly DemoModel[] = [
  { provider: 'anthropic', model: 'claude-3-5-sonnet-20241022', weight: 8, latencyMs: 4_200 },
  { provider: 'openai', model: 'gpt-4o', weight: 5, latencyMs: 2_600 },
  { provider: 'openai', model: 'gpt-4o-mini', weight: 6, latencyMs: 1_100 },
  { provider: 'anthropic', model: 'claude-3-haiku', weight: 3, latencyMs: 900 },
  { provider: 'anthropic', model: 'claude-3-opus', weight: 1, latencyMs: 9_500 },
  { provider: 'selfhosted', model: 'llama-3.3-70b-instruct', weight: 2, latencyMs: 3_400 },
];

export type DemoTeam = {
  developers: readonly string[];
  repositories: readonly string[];
  /** Sessions a developer has on a weekday, at most. */
  sessionsADay: number;
  /** Dollars of a month; '' is all. */
  budgets: readonly { scope: BudgetScope; subject: string; amount_usd: number }[];
};

type Options = {
  team: DemoTeam;
  random: Random;
  now: Date;
  days: number;
  /** Branches of pull requests, on the days on which their authors worked on them. */
  work?: readonly BranchWork[];
};
type Session = {
  id: string;
  developer: string;
  repository: string;
  branch: string;
  model: DemoModel;
  isCostly: boolean;
};

const failures = [
  { status_code: 429, error_code: 'rate_limit_error', error_message: 'Rate limit reached: 80,000 tokens a minute.' },
  { status_code: 529, error_code: 'overloaded_error', error_message: 'The model is overloaded. Try again later.' },
  { status_code: 400, error_code: 'context_length_exceeded', error_message: 'The prompt is longer than the context.' },
] as const;
const branches = ['main', 'fix/checkout-rounding', 'feat/bulk-export', 'chore/dependencies'];
const weighted = demoModels.flatMap(model => Array.from({ length: model.weight }, () => model));

/** When a session was far costlier than the others. */
const costlyDaysAgo = 7;

/** Mostly what the developer has a pull request of on that day. */
function branchOf({ random, work = [] }: Options, developer: string, repository: string, day: string): string {
  const open = work.filter(
    one => one.developer === developer && one.repository === repository && one.from <= day && day <= one.to,
  );
  return open.length > 0 && random.chance(0.8) ? random.pick(open).branch : random.pick(branches);
}

/** As the hash knows it: whole seconds, or six digits of one. */
const stamp = (atMs: number): string => new Date(atMs).toISOString().replace(/(\.\d{3})Z$/, '$1000+00:00');

function requestOf({ random }: Options, session: Session, atMs: number, turn: number): TraceRow {
  const { provider, model, latencyMs } = session.model;
  const failure = random.chance(0.03) ? random.pick(failures) : null;
  const size = session.isCostly ? 8 : 1;
  const tokensIn = failure ? 0 : random.between(600, 2_400) * size + turn * random.between(200, 900);
  const tokensOut = failure ? 0 : random.between(80, 900) * Math.min(size, 6);
  const cached = turn > 0 && provider !== 'selfhosted' && random.chance(0.7);
  const isAccepted = !failure && random.chance(0.24);
  const at = stamp(atMs);
  const row: TraceRow = {
    session_id: session.id,
    developer_id: session.developer,
    timestamp: at,
    model: `${provider}/${model}`,
    tokens_in: tokensIn,
    tokens_out: tokensOut,
    latency_ms: Math.round(latencyMs * (0.4 + random.next() * 1.5)),
    status_code: failure?.status_code ?? 200,
    accepted_flag: isAccepted ? 1 : 0,
    repo_slug: session.repository,
    event_date: at.slice(0, 10),
    total_tokens: tokensIn + tokensOut,
    cost_usd: documentCostUsd(`${provider}/${model}`, tokensIn, tokensOut),
    diff_ratio: isAccepted ? Math.round(random.next() * 100) / 100 : null,
    accepted_lines: isAccepted ? random.between(2, 60) : null,
    trace_hash: '',
    source: 'litellm',
    provider,
    operation: 'chat',
    trace_id: random.uuid(),
    span_id: null,
    branch: session.branch,
    team: 'platform',
    tags: random.chance(0.2) ? 'code-review' : null,
    cache_read_tokens: cached && !failure ? Math.floor(tokensIn * (0.4 + random.next() * 0.4)) : 0,
    cache_write_tokens: 0,
    cache_write_1h_tokens: 0,
    reasoning_tokens: 0,
    reported_cost_usd: null,
    from_cache: false,
    is_stream: random.chance(0.6),
    first_token_ms: failure ? null : random.between(180, 900),
    error_code: failure?.error_code ?? null,
    error_message: failure?.error_message ?? null,
    timestamp_assumed: false,
    received_at: new Date(atMs + 2_000).toISOString(),
  };
  return { ...row, trace_hash: traceHash(row) };
}

function sessionRows(options: Options, session: Session, startMs: number): TraceRow[] {
  const { random, now } = options;
  const rows: TraceRow[] = [];
  let atMs = startMs;
  for (let turn = 0; turn < random.between(2, session.isCostly ? 24 : 11); turn++) {
    if (atMs >= now.getTime()) break;
    rows.push(requestOf(options, session, atMs, turn));
    atMs += random.between(15_000, 240_000);
  }
  return rows;
}

/** Requests of the `days` days up to now. */
export function aiRequests(options: Options): TraceRow[] {
  const { team, random, now, days } = options;
  const today = utcDay(now);
  const rows: TraceRow[] = [];
  for (let daysAgo = days - 1; daysAgo >= 0; daysAgo--) {
    const opensMs = Date.parse(`${addDays(today, -daysAgo)}T00:00:00Z`);
    const isWeekend = [0, 6].includes(new Date(opensMs).getUTCDay());
    for (const developer of team.developers) {
      const hasCostly = daysAgo === costlyDaysAgo && developer === team.developers[0];
      const count = random.between(hasCostly ? 1 : 0, isWeekend ? 1 : team.sessionsADay);
      for (let index = 0; index < count; index++) {
        const isCostly = hasCostly && index === 0;
        const repository = random.pick(team.repositories);
        const session = {
          id: random.uuid(),
          developer,
          repository,
          branch: branchOf(options, developer, repository, addDays(today, -daysAgo)),
          model: isCostly ? (demoModels[4] ?? random.pick(weighted)) : random.pick(weighted),
          isCostly,
        };
        rows.push(...sessionRows(options, session, opensMs + random.between(7 * 3_600_000, 19 * 3_600_000)));
      }
    }
  }
  return rows;
}

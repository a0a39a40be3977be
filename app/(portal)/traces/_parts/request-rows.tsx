/** Requests of a session as rows of the shared timeline. */
import type { ReactNode } from 'react';
import { formatCount, formatDollars, formatDuration, formatInstant, formatPlural } from '@/app/_ui/format';
import type { TimelineRow } from '@/app/_ui/timeline';
import { Facts } from '@/app/(portal)/runs/_parts/facts';
import { WrittenText } from '@/app/(portal)/runs/_parts/json-text';
import { nameWords } from '@/app/(portal)/traces/_parts/cost-words';
import type { SessionRequest } from '@/lib/domains/traces/sessions/session-requests';

const priceOf = ({ book_cost_usd }: SessionRequest): string =>
  book_cost_usd === null ? 'no price' : formatDollars(book_cost_usd);

/** "1,000, of them 400 read from a cache"; kinds of which there are none are left out. */
function withParts(total: number, parts: readonly (readonly [count: number | null, what: string])[]): string {
  const told = parts.flatMap(([count, what]) => (count ? [`${formatCount(count)} ${what}`] : []));
  return told.length > 0 ? `${formatCount(total)}, of them ${told.join(', ')}` : formatCount(total);
}

const code = (text: string | null): ReactNode => text && <code>{text}</code>;

const facts = (request: SessionRequest): [string, ReactNode][] => [
  [
    'Started',
    `${formatInstant(request.timestamp)}${request.timestamp_assumed ? ' (when it was received: none was sent)' : ''}`,
  ],
  ['Developer', nameWords('developer', request.developer_id)],
  ['Repository', [nameWords('repository', request.repo_slug), request.branch].filter(Boolean).join(', branch ')],
  ['Provider', request.provider],
  ['Operation', request.operation],
  ['Status', request.status_code === null ? null : String(request.status_code)],
  ['Error', request.error_code],
  [
    'Tokens in',
    withParts(request.tokens_in, [
      [request.cache_read_tokens, 'read from a cache'],
      [(request.cache_write_tokens ?? 0) + (request.cache_write_1h_tokens ?? 0), 'written to a cache'],
    ]),
  ],
  ['Tokens out', withParts(request.tokens_out, [[request.reasoning_tokens, 'of reasoning']])],
  ['First token', request.first_token_ms === null ? null : `after ${formatDuration(request.first_token_ms)}`],
  ['Book price', `${priceOf(request)}${request.from_cache ? ' (answered from the sender’s own cache)' : ''}`],
  ['Document price', formatDollars(request.cost_usd)],
  ['Sender’s own cost', request.reported_cost_usd === null ? null : formatDollars(request.reported_cost_usd)],
  ['Acceptance', acceptanceWords(request)],
  ['Team', request.team],
  ['Tags', request.tags],
  ['Trace', code(request.trace_id)],
  ['Span', code(request.span_id)],
  ['Hash', code(request.trace_hash)],
];

function acceptanceWords({ accepted_flag, accepted_lines, diff_ratio }: SessionRequest): string {
  const told = [
    accepted_flag === 1 ? 'accepted' : 'not tracked',
    ...(accepted_lines === null ? [] : [formatPlural(accepted_lines, 'accepted line')]),
    ...(diff_ratio === null ? [] : [`diff ratio ${diff_ratio}`]),
  ];
  return told.join(', ');
}

const detailOf = (request: SessionRequest): ReactNode => (
  <>
    {request.error_message && <WrittenText label="Error" text={request.error_message} />}
    <Facts facts={facts(request)} />
  </>
);

/** Rows in the order of time; `place` counts from `first`. */
export const requestRows = (requests: readonly SessionRequest[]): TimelineRow[] => {
  const startMs = requests[0]?.at_ms ?? 0;
  return requests.map((request, index) => ({
    id: request.trace_hash,
    place: String(index + 1),
    name: nameWords('model', request.model),
    status: request.failed ? 'failed' : 'succeeded',
    startMs: request.at_ms - startMs,
    durationMs: request.latency_ms,
    note: `${formatPlural(request.tokens_in + request.tokens_out, 'token')} · ${priceOf(request)}`,
    detail: detailOf(request),
  }));
};

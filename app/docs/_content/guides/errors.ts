/** Every error code, as an anchor that the `type` of problem documents leads to, and the limits behind the refusals. */
import { errorMeanings } from '@/app/docs/_content/error-meanings';
import type { DocsPage, PageEntry, Section } from '@/app/docs/_content/types';
import { type ErrorCode, statusOfCode } from '@/lib/platform/errors';

const statusTitles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not authenticated',
  402: 'Payment required',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported type',
  422: 'Unprocessable',
  429: 'Too many',
  500: 'Internal',
  503: 'Unavailable',
};

const example = `HTTP/1.1 401 Unauthorized
Content-Type: application/problem+json

{
  "type": "/docs/errors#invalid_key",
  "title": "invalid key",
  "status": 401,
  "detail": "This key is not known.",
  "code": "invalid_key",
  "request_id": "req_…"
}`;

function sectionsOfStatuses(): Section[] {
  const codes = Object.keys(statusOfCode) as ErrorCode[];
  const byStatus = Map.groupBy(codes, code => statusOfCode[code]);
  return [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, list]) => ({
      id: `status-${status}`,
      title: `${status} ${statusTitles[status] ?? ''}`.trim(),
      blocks: [{ terms: list.map(code => ({ term: code, text: errorMeanings[code], id: code })) }],
    }));
}

const content = (): DocsPage => ({
  slug: 'errors',
  title: 'Errors and limits',
  lead: 'Every refusal has a code, and every code has its place on this page.',
  sections: [
    {
      id: 'problems',
      title: 'Problem documents',
      blocks: [
        'Refusals are problem details (RFC 9457, `application/problem+json`). Write code against `code`; `detail` is for people and may change. `type` is the address of the code on this page.',
        { code: example, language: 'text', label: 'a problem document' },
        'Where fields are wrong, `errors` lists each with its `path` and `message`, all at once.',
      ],
    },
    {
      id: 'retries',
      title: 'When to send again',
      blocks: [
        {
          list: [
            '**429 and 503**: after the seconds that `Retry-After` says, the same request.',
            '**500, or no answer at all**: with a pause that grows. Starting a run is safe to repeat with an `Idempotency-Key`, events with their message id, traces and agent events as they are.',
            '**Other 4xx**: not without a change, since the answer would be the same.',
          ],
        },
      ],
    },
    ...sectionsOfStatuses(),
  ],
});

export const errors: PageEntry = { slug: 'errors', title: 'Errors and limits', content };

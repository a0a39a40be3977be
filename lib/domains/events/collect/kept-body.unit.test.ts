/** Where a source keeps no whole addresses, none of a body is left however the field is written. */
import { expect, test } from 'vitest';
import { scanBody } from '@/lib/domains/events/collect/body-scan';
import { type CallKind, checkBody, parseBody } from '@/lib/domains/events/collect/check-body';
import { keptBody } from '@/lib/domains/events/collect/kept-body';

function keep(kind: CallKind, text: string, redactsIp: boolean): string {
  const sent = parseBody(kind, text, Buffer.from(text), scanBody(Buffer.from(text)));
  return keptBody(sent, checkBody(sent), redactsIp);
}
const cut = (kind: CallKind, text: string) => keep(kind, text, true);

test.each([
  ['{"context":{"ip":"203.0.113.9"}}', '{"context":{"ip":"203.0.113.0"}}'],
  ['{"context":{"IP":"::ffff:203.0.113.9","iP":"x"}}', '{"context":{"IP":"203.0.113.0","iP":null}}'],
  ['{"context":{"ip":"2001:db8:1:2::5"}}', '{"context":{"ip":"2001:db8:1::"}}'],
  ['{"context":{"ip":{"v4":"203.0.113.9"}}}', '{"context":{"ip":null}}'],
  [
    '{"context":{"ip":"203.0.113.9"},"properties":{"n":12345678901234567890}}',
    '{"context":{"ip":"203.0.113.0"},"properties":{"n":12345678901234567890}}',
  ],
])('%s is kept as %s', (sent, kept) => expect(cut('track', sent)).toBe(kept));

test('a batch loses the addresses of its own context and of each item', () => {
  const sent = '{"context":{"ip":"203.0.113.9"},"batch":[{"context":{"ip":"203.0.113.10"}},7,{}]}';
  expect(cut('batch', sent)).toBe('{"context":{"ip":"203.0.113.0"},"batch":[{"context":{"ip":"203.0.113.0"}},7,{}]}');
});

test.each([
  '{"context":{"tip":"203.0.113.9"}}',
  '{ "context": null }',
  '{"ip":"203.0.113.9"}',
  '{"context":{"ip":null}}',
])('%s is kept as it was sent', sent => expect(cut('track', sent)).toBe(sent));

test('of a body that is nested beyond all bounds the refused item goes, and the others are kept', () => {
  const deep = `{"type":"page","userId":"u","a":${'['.repeat(9_000)}12345678901234567${']'.repeat(9_000)}}`;
  const good = '{"type":"page","userId":"u","context":{"ip":"203.0.113.9"}}';
  expect(keep('batch', `{"batch":[${deep},${good}]}`, false)).toBe(`{"batch":[null,${good}]}`);
  expect(keep('page', deep, false)).toBe('{}');
});

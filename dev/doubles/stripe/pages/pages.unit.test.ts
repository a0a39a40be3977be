import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { retryDelayMs } from '@/dev/doubles/stripe/events/deliveries';
import { signatureHeader } from '@/dev/doubles/stripe/events/deliveries-signature';
import { choices, html, money } from '@/dev/doubles/stripe/pages/pages-html';
import { pdfOf } from '@/dev/doubles/stripe/pages/pages-pdf';

test('values are escaped, HTML parts are not, and nothing leaves no trace', () => {
  const part = html`<b>${'a & "b"'}</b>`;
  expect(html`${part}${[1, html`<i>`]}${undefined}${null}${false}`.text).toBe('<b>a &amp; &quot;b&quot;</b>1<i>');
});

test('the first choice is the chosen one', () => {
  const { text } = choices('Pay', 'card', [
    ['a', 'A'],
    ['b', 'B'],
  ]);
  expect(text.match(/checked/g)).toHaveLength(1);
  expect(text).toMatch(/value="a" checked/);
});

test('amounts are read in the smallest unit', () => {
  expect([money(19_900, 'usd'), money(-1, 'usd')]).toEqual(['$199.00', '-$0.01']);
});

test('the signature is the one the official package makes', () => {
  const [payload, secret, timestamp] = ['{"a":"ü"}', 'whsec_x', 1_700_000_000];
  expect(signatureHeader(payload, secret, timestamp)).toBe(
    Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp }),
  );
});

test('a delivery is tried again after 0.5, 2, 8 and 30 s, then each minute', () => {
  expect([1, 2, 3, 4, 5, 50].map(retryDelayMs)).toEqual([500, 2_000, 8_000, 30_000, 60_000, 60_000]);
});

/** Offsets that the cross-reference table names, with what lies there. */
function objectsAt(text: string): string[] {
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
  expect(text.slice(start, start + 5)).toBe('xref\n');
  return [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) =>
    text.slice(Number(offset), Number(offset) + 8),
  );
}

test('a PDF has every object where its table says, a page for each 48 lines, and the text as written', () => {
  const lines = Array.from({ length: 50 }, (_, index) => `Line ${index} (é) – \\`);
  const text = Buffer.from(pdfOf(lines)).toString('latin1');
  const found = objectsAt(text);
  expect(found).toHaveLength(7);
  found.forEach((object, index) => {
    expect(object).toMatch(new RegExp(`^${index + 1} 0 obj`));
  });
  expect(text).toContain('/Count 2');
  expect(text).toContain(String.raw`(Line 49 \(é\) - \\) Tj`);
});

import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { hashOfKey, kindOfKey, newKeyText } from '@/lib/domains/keys/key-format';

test('a customer key and a service key are told apart by their start', () => {
  expect(newKeyText('customer').secret.reveal()).toMatch(/^ty_live_[0-9A-Za-z]{38}$/);
  expect(newKeyText('service').secret.reveal()).toMatch(/^ty_svc_[0-9A-Za-z]{38}$/);
  expect(kindOfKey(newKeyText('customer').secret.reveal())).toBe('customer');
  expect(kindOfKey(newKeyText('service').secret.reveal())).toBe('service');
});

test('what is stored is the SHA-256 of the key; what is shown is its start and its last four', () => {
  const { secret, hash, prefix, last4 } = newKeyText('customer');
  const text = secret.reveal();
  expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
  expect(hashOfKey(text)).toBe(hash);
  expect(text.startsWith(prefix) && prefix.length === 'ty_live_'.length + 4).toBe(true);
  expect(text.endsWith(last4) && last4.length === 4).toBe(true);
});

test('every single wrong sign is noticed without a look-up', () => {
  const text = newKeyText('customer').secret.reveal();
  for (let index = 'ty_live_'.length; index < text.length; index++) {
    const other = text[index] === 'a' ? 'b' : 'a';
    expect(kindOfKey(text.slice(0, index) + other + text.slice(index + 1))).toBeNull();
  }
});

const strangers = [
  '',
  'ty_live_',
  'ty_live_short',
  ` ${'x'.repeat(46)}`,
  `ty_test_${'a'.repeat(38)}`,
  'x'.repeat(100_000),
];
test.each(strangers)('%.40j is no key', text => {
  expect(kindOfKey(text)).toBeNull();
});

test('a key with anything before or after it is no key', () => {
  const text = newKeyText('customer').secret.reveal();
  for (const wrong of [`${text}\n`, ` ${text}`, `${text}0`, text.toUpperCase()]) expect(kindOfKey(wrong)).toBeNull();
});

test('10,000 keys differ, and every sign is about equally frequent', () => {
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  for (let round = 0; round < 10_000; round++) {
    const body = newKeyText('customer').secret.reveal().slice(8, 40);
    seen.add(body);
    for (const sign of body) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  }
  expect(seen.size).toBe(10_000);
  expect(counts.size).toBe(62);
  // 320,000 draws over 62 signs: 5,161 expected, standard deviation 71.
  for (const count of counts.values()) expect(Math.abs(count - 5_161)).toBeLessThan(500);
});

test('a key never prints itself', () => {
  const made = newKeyText('customer');
  for (const printed of [JSON.stringify(made), inspect(made), `${made.secret}`]) {
    expect(printed).not.toContain(made.secret.reveal());
    expect(printed).toContain('[secret]');
  }
});

import { expect, test } from 'vitest';
import { makeKeepable } from '@/lib/domains/lineage/collect/keepable';

const kept = (json: string) => {
  const value = JSON.parse(json) as unknown;
  return makeKeepable(value) ? value : null;
};

test('texts and names that no store can keep have U+FFFD in their place, at every depth; all else stays as it was', () => {
  expect(kept('{"a":"x\\u0000","b":["\\ud800",{"c\\u0000":"\\udc00y"}],"n":1.5,"t":true,"e":null,"s":"👩‍🚀"}')).toEqual(
    {
      a: 'x\ufffd',
      b: ['\ufffd', { 'c\ufffd': '\ufffdy' }],
      n: 1.5,
      t: true,
      e: null,
      s: '👩‍🚀',
    },
  );
});

test('names of JavaScript’s own are names like any other', () => {
  const value = kept('{"__proto__":{"x":"a\\u0000"},"constructor":"\\u0000"}') as object;
  expect(JSON.stringify(value)).toBe('{"__proto__":{"x":"a\ufffd"},"constructor":"\ufffd"}');
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test('a hundred levels are kept, one more is not, and a hundred thousand end no process', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  expect(kept(nested(100))).not.toBeNull();
  expect(kept(nested(101))).toBeNull();
  expect(kept(nested(100_000))).toBeNull();
  expect(kept(`${'{"a":'.repeat(101)}1${'}'.repeat(101)}`)).toBeNull();
});

test('a megabyte of numbers costs a few milliseconds', () => {
  const value = Array(500_000).fill(1);
  const startedMs = performance.now();
  expect(makeKeepable({ own: value })).toBe(true);
  expect(performance.now() - startedMs).toBeLessThan(500);
});

import { expect, test } from 'vitest';
import { bodyProblem } from '@/lib/edge/http/body-shape';

const named = (count: number, name = (index: number) => `k${index}`) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), 0])));

const cases: [what: string, body: string, problem: RegExp | null][] = [
  ['120,000 different names', named(120_000), /more than 10000 different names/],
  ['10,001 different names with escapes', named(10_001, index => `k"\\${index}`), /different names/],
  ['10,000 different names', named(10_000), null],
  ['the same 50 names 2,000 times', JSON.stringify(Array(2_000).fill(JSON.parse(named(50)))), null],
  [
    '120,000 different texts that are no names',
    JSON.stringify(Array.from({ length: 120_000 }, (_, i) => `${i}`)),
    null,
  ],
  ['a long text full of what looks like JSON', JSON.stringify(named(60_000) + '[{'.repeat(60_000)), null],
  ['300,000 empty lists', `[${Array(300_000).fill('[]').join(',')}]`, /objects and lists/],
  ['half a million levels', '['.repeat(500_000), /objects and lists/],
  ['a text that never ends', `"${'a'.repeat(100_000)}\\`, null],
];
test.each(cases)('%s', (_what, body, problem) => {
  const found = bodyProblem(Buffer.from(body));
  if (problem) expect(found).toMatch(problem);
  else expect(found).toBeNull();
});

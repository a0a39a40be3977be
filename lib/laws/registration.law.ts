/** What is defined is also listed: a job or mirror that stands in no array never runs. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sourceFiles } from '@/lib/laws/source-files';

/** Exported constants made by that function, anywhere but in tests. */
const definedBy = (maker: string): string[] =>
  sourceFiles(['lib'], /(?<!test|law)\.ts$/).flatMap(file =>
    [...file.text.matchAll(new RegExp(`export const (\\w+) = ${maker}[(<]`, 'g'))].map(match => match[1] as string),
  );

test.each([
  ['defineJob', 'lib/edge/worker/jobs.ts'],
  ['defineMirror', 'lib/edge/worker/mirrors.ts'],
])('everything that %s makes stands in %s', (maker, list) => {
  const listed = readFileSync(list, 'utf8');
  const made = definedBy(maker);
  expect(made.length).toBeGreaterThan(5);
  expect(made.filter(name => !new RegExp(`\\b${name}\\b`).test(listed))).toEqual([]);
});

test('no module of the product is imported for its effect', () => {
  const bare = sourceFiles(['app', 'lib', 'dev'], /\.tsx?$/).flatMap(file =>
    [...file.text.matchAll(/^import '(@\/[^']+)'/gm)].map(match => `${file.path} → ${match[1]}`),
  );
  expect(bare.filter(line => !line.endsWith('.css'))).toEqual([]);
});

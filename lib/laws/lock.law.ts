import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Entry = { optionalDependencies?: Record<string, string>; resolved?: string };
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> };
const entries = Object.entries(lock.packages);
const names = new Set(entries.map(([path]) => path.split('node_modules/').at(-1)));

test('the lock file keeps every platform’s optional packages, else a clean install refuses it', () => {
  const missing = entries.flatMap(([, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(name => !names.has(name)),
  );
  expect(missing).toEqual([]);
});

test('the lock file names no registry', () => {
  expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
});

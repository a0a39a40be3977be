/** Advisory locks have names, and no two share a number. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lockSpaces } from '@/lib/kernel/locks';
import { sourceFiles } from '@/lib/laws/source-files';

const numbers = /\b7_?240_?0\d\d\b/g;

test('every number of an advisory lock stands in lib/kernel/locks.ts, that of the migration beside its use', () => {
  const files = sourceFiles(['lib', 'app', 'dev'], /(?<!test|law)\.tsx?$/).filter(file => numbers.test(file.text));
  expect(files.map(file => file.path)).toEqual(['lib/kernel/locks.ts', 'lib/platform/migrate.ts']);
});

test('no two locks share a number', () => {
  const used = Object.values(lockSpaces);
  expect(new Set(used).size).toBe(used.length);
});

test('the lock in the function that makes partitions is the one of that name', () => {
  const text = readFileSync('sql/functions/prepare_audit_months.sql', 'utf8');
  expect(text).toContain(`pg_advisory_xact_lock(${lockSpaces.auditPartitions})`);
});

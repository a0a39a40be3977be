/** The audit log says every command in a sentence, and every kind of target by its name. */
import { expect, test } from 'vitest';
import { auditActions, targetTypes } from '@/lib/domains/audit/rules';
import { commands } from '@/lib/kernel/command';
import { sourceFiles } from '@/lib/laws/source-files';
import { loadDomains } from '@/lib/laws/tenancy/modules';

await loadDomains();
const names = [...commands().keys()];

test('there are commands to check', () => expect(names.length).toBeGreaterThan(10));

test('every command has its words in lib/domains/audit/rules.ts', () => {
  expect(names.filter(name => !Object.hasOwn(auditActions, name)).sort()).toEqual([]);
});

test('every kind of target has its word', () => {
  const written = sourceFiles(['lib/domains'], /(?<!test)\.ts$/).flatMap(file =>
    [...file.text.matchAll(/target: \{ type: '([a-z_]+)'/g)].map(match => match[1] as string),
  );
  expect([...new Set(written)].filter(type => !Object.hasOwn(targetTypes, type))).toEqual([]);
});

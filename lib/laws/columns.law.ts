import { expect, test } from 'vitest';
import { sourceFiles } from '@/lib/laws/source-files';

/** Texts that the query desk's layers are asked about in tests. */
const corpus = 'lib/domains/desk/check/corpus/';
const files = sourceFiles(['lib', 'app'], /\.(ts|tsx)$/)
  .filter(file => !/\.(test|law)\.tsx?$/.test(file.path))
  .filter(file => !file.path.startsWith(corpus));

test('no statement takes all columns: what is read is named', () => {
  const found = files.filter(file => /\bSELECT \*/i.test(file.text)).map(file => file.path);
  // A text that a person of the query desk reads and may change before it runs.
  const written = ['app/(portal)/desk/_parts/look-text.ts'];
  expect(found.filter(path => !written.includes(path))).toEqual([]);
});

test('pages and lists of keys load neither hash nor ciphertext: only what checks, rotates or copies a key takes whole rows', () => {
  const wholeRow = /\.select\(\)\s*\.from\((apiKeys|serviceKeys)\)/;
  const found = files.filter(file => wholeRow.test(file.text)).map(file => file.path);
  expect(found.sort()).toEqual(['lib/domains/keys/service-keys.ts', 'lib/domains/keys/stored-key.ts']);
});

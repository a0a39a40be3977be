import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles } from '@/lib/laws/source-files';

const files = sourceFiles(['lib', 'app', 'dev', 'e2e'], /\.tsx?$/);

test('no file is longer than 300 lines, generated ones apart', () => {
  const long = files
    .filter(file => file.text.split('\n').length > 301 && !/Generated from/.test(file.text.slice(0, 200)))
    .map(file => file.path);
  expect(long).toEqual([]);
});

test('process.env is read in lib/platform/env.ts only; dev/ and tests apart', () => {
  const readers = files
    .filter(file => !/^(dev|e2e|lib\/laws)\//.test(file.path) && !/\.test\.ts$/.test(file.path))
    .filter(
      file =>
        file.path !== 'lib/platform/env.ts' &&
        /process\.env\b(?!\.NODE_ENV)/.test(file.text.replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, '')),
    )
    .map(file => file.path);
  expect(readers).toEqual([]);
});

test('nothing is left for later: no TODO, FIXME or skipped test', () => {
  const marks = /\b(TODO|FIXME|XXX)\b|\b(test|it|describe)\.(skip|todo|only)\(/;
  const found = files
    .filter(file => file.path !== 'lib/laws/structure.law.ts' && marks.test(file.text))
    .map(file => file.path);
  expect(found).toEqual([]);
});

test('a module opens with a line that says what it is for', () => {
  const silent = files
    .filter(
      file =>
        /^(lib\/(platform|kernel|warehouse|domains|edge|cli)|dev\/(?!testing\/))/.test(file.path) &&
        !/\.(unit\.)?test\.ts$/.test(file.path),
    )
    .filter(file => !/^(#!.*\n)?(['"]use (client|server)['"];?\s*)?\/\*\*/.test(file.text))
    .map(file => file.path);
  expect(silent).toEqual([]);
});

test('a folder holds at most 25 source files, tests not counted; more become subfolders', () => {
  const known = new Set(['app/_ui']);
  const counts = new Map<string, number>();
  for (const file of sourceFiles(['lib', 'app', 'dev'], /\.(tsx?|mjs|py)$/)) {
    if (/\.(test|law)\.tsx?$/.test(file.path)) continue;
    const folder = dirname(file.path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  expect([...counts].filter(([folder, count]) => count > 25 && !known.has(folder))).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sourceFiles } from '@/lib/laws/source-files';

type Manifest = Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>;
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };

test('every dependency has a line in docs/dependencies.md that says why it is here', () => {
  const reasons = readFileSync('docs/dependencies.md', 'utf8');
  const silent = Object.keys(all).filter(name => !name.startsWith('@types/') && !reasons.includes(`\`${name}\``));
  expect(silent).toEqual([]);
});

test('every version is exact', () => {
  expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test('what runs in production does not import a development dependency', () => {
  const names = new Set(Object.keys(manifest.devDependencies));
  const production = sourceFiles(['lib', 'app'], /\.tsx?$/).filter(
    file => !/^lib\/laws\/|\.(test|law|generate)\.ts|app\/_ui\/icons/.test(file.path),
  );
  const broken = production.flatMap(file =>
    [...file.text.matchAll(/from '([^'.@][^'/]*|@[^'/]+\/[^'/]+)/g)]
      .filter(match => names.has(match[1] as string))
      .map(match => `${file.path} → ${match[1]}`),
  );
  expect(broken).toEqual([]);
});

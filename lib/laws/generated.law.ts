/** Generated files say what their sources say: nothing is defined twice. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedFiles } from '@/lib/cli/generated-files';

const files = generatedFiles();

test.each(Object.keys(files))('%s is what `npm run generate` writes', path => {
  expect(readFileSync(path, 'utf8')).toBe(files[path]);
});

test('no generated folder keeps a file whose source is gone', () => {
  const present = ['lib/warehouse/rows', 'sql/security'].flatMap(folder =>
    readdirSync(folder).map(file => `${folder}/${file}`),
  );
  expect(present.filter(path => !(path in files))).toEqual([]);
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceFiles } from '@/lib/laws/source-files';

type Cited = { at: string; file: string; places: string[] };

/** A citation goes to the end of its comment or to a full stop; it may run over lines that begin with * or --. */
const citation = /\bSource: ([\s\S]*?)(?=\.(?:\s|$)|\.?\s*\*\/|\n\s*\*\s*@|\n(?!\s*(?:\*|--|\/\/)))/g;

/** Every document that a comment cites, with the places in it: `Source: docs/a.md, Quota; docs/b.md, C-01, C-02`. */
function citedIn(path: string, text: string): Cited[] {
  return [...text.matchAll(citation)].flatMap(match =>
    (match[1] as string)
      .replace(/\n\s*(?:\*|--|\/\/)\s?/g, ' ')
      .split(';')
      .map(part => {
        const [file = '', ...places] = part.trim().split(', ');
        return { at: path, file, places: places.flatMap(place => place.split(/ and | to /)) };
      }),
  );
}

const cited = sourceFiles(['lib', 'app', 'dev', 'sql', 'schemas', 'e2e'], /\.(tsx?|mjs|sql|json|css|py)$/)
  .filter(file => file.path !== 'lib/laws/sources.law.ts')
  .flatMap(file => citedIn(file.path, file.text));

test('every Source names a file of this repository', () => {
  expect(cited.length).toBeGreaterThan(100);
  expect(cited.filter(({ file }) => !existsSync(file)).map(({ at, file }) => `${at} → ${file}`)).toEqual([]);
});

test('every place that a Source names occurs in its file', () => {
  const texts = new Map<string, string>();
  const textOf = (file: string) => {
    if (!texts.has(file)) texts.set(file, readFileSync(file, 'utf8').toLowerCase());
    return texts.get(file) as string;
  };
  const missing = cited
    .filter(({ file }) => existsSync(file))
    .flatMap(({ at, file, places }) =>
      places.filter(place => !textOf(file).includes(place.toLowerCase())).map(place => `${at} → ${file}, ${place}`),
    );
  expect(missing).toEqual([]);
});

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md') && !name.startsWith('spec/'))
    .map(name => join('docs', name)),
].map(path => ({ path, text: readFileSync(path, 'utf8') }));

test('every link of the documents can be opened', () => {
  const dead = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(match => match[1] as string)
      .filter(target => !existsSync(join(dirname(path), target)))
      .map(target => `${path} → ${target}`),
  );
  expect(dead).toEqual([]);
});

test('every file and script that the documents name exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const wrong = documents.flatMap(({ path, text }) => [
    ...[...text.matchAll(/`((?:lib|app|dev|sql|schemas|e2e|docs|deploy|public)\/[^`\s<*…]+)`/g)]
      .map(match => match[1] as string)
      .filter(file => !existsSync(file))
      .map(file => `${path} → ${file}`),
    ...[...text.matchAll(/\bnpm run ([\w:-]+)/g)]
      .map(match => match[1] as string)
      .filter(script => !(script in scripts))
      .map(script => `${path} → npm run ${script}`),
  ]);
  expect(wrong).toEqual([]);
});

/** Domains stand on one another in one direction, and each alone writes its tables. Source: docs/architecture.md, Domains. */
import { expect, test } from 'vitest';
import { importsOf, type SourceFile, sourceFiles } from '@/lib/laws/source-files';

const isTest = (path: string) => /\.(test|law|spec)\.tsx?$/.test(path);
const files = sourceFiles(['lib', 'app', 'dev'], /\.tsx?$/).filter(file => !isTest(file.path));
const inDomains = files.filter(file => file.path.startsWith('lib/domains/'));

const moduleOf = (path: string): string => path.replace(/\.tsx?$/, '');
const domainOf = (path: string): string | undefined => /^lib\/domains\/([^/]+)\//.exec(path)?.[1];
const ownImports = (file: SourceFile): string[] =>
  importsOf(file).flatMap(specifier => (specifier.startsWith('@/') ? [specifier.slice(2)] : []));

/** What any domain may import of another one; subscriptions' plans are asked for everywhere. */
const isFace = (module: string): boolean =>
  /^lib\/domains\/[^/]+\/(tables|rules|input|events|mirror|status)$/.test(module) ||
  module.startsWith('lib/domains/subscriptions/plans/');

/** Nodes that stand on a circle of the graph, with one circle each, as `a → b → a`. */
function circles(graph: Map<string, Set<string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (node: string, path: string[]): void => {
    const at = path.indexOf(node);
    if (at >= 0) {
      found.push([...path.slice(at), node].join(' → '));
      return;
    }
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return found;
}

/** Imports across domains that are no face. */
const graph = new Map<string, Set<string>>();
for (const file of inDomains) {
  const from = domainOf(file.path) as string;
  for (const target of ownImports(file)) {
    const to = domainOf(`${target}.ts`);
    if (!to || to === from || isFace(target)) continue;
    graph.set(from, (graph.get(from) ?? new Set()).add(to));
  }
}

test('the graph of domains has no circle', () => {
  const lines = [...graph].map(([from, to]) => `${from.padEnd(14)} → ${[...to].sort().join(', ')}`).sort();
  // Shown on purpose: this is the map of what stands on what.
  console.log(`domains, without faces:\n  ${lines.join('\n  ')}`);
  expect(lines.length).toBeGreaterThan(3);
  expect(circles(graph)).toEqual([]);
});

test('a face imports only faces', () => {
  const deep = inDomains
    .filter(file => isFace(moduleOf(file.path)))
    .flatMap(file =>
      ownImports(file)
        .filter(target => target.startsWith('lib/domains/') && !isFace(target))
        .map(target => `${file.path} → ${target}`),
    );
  expect(deep).toEqual([]);
});

test('no files import one another in a circle', () => {
  const known = new Set(files.map(file => moduleOf(file.path)));
  const imports = new Map(
    files.map(file => [moduleOf(file.path), new Set(ownImports(file).filter(target => known.has(target)))]),
  );
  expect(circles(imports)).toEqual([]);
});

/** Imports that stay at run time: a type alone makes no circle. */
function _valueImports(file: SourceFile): string[] {
  const withoutTypes = file.text
    .replace(/^import type [\s\S]*?;$/gm, '')
    .replace(/^import \{([^}]*)\} from/gm, (whole, names: string) =>
      names.split(',').every(name => /^\s*(type\s|$)/.test(name)) ? 'type-import' : whole,
    );
  return ownImports({ path: file.path, text: withoutTypes });
}

/** Tables by the name of their constant, with the domain (or ring) that defines them. */
const owners = new Map(
  files
    .filter(file => /^lib\/(kernel|domains\/[^/]+)\/tables\.ts$/.test(file.path))
    .flatMap(file =>
      [...file.text.matchAll(/export const (\w+) = pgTable\(/g)].map(
        match => [match[1] as string, domainOf(file.path) ?? 'kernel'] as const,
      ),
    ),
);

test('there are tables to check', () => expect(owners.size).toBeGreaterThan(20));

test('only a domain’s own files insert, update or delete in its tables', () => {
  const writes = files
    .filter(file => /^(lib|app)\//.test(file.path))
    .flatMap(file => {
      const ring = domainOf(file.path) ?? /^lib\/(\w+)\//.exec(file.path)?.[1] ?? 'app';
      return [...file.text.matchAll(/\.(insert|update|delete)\(\s*(\w+)\s*\)/g)]
        .filter(match => owners.has(match[2] as string) && owners.get(match[2] as string) !== ring)
        .filter(match => !(ring === 'warehouse' && owners.get(match[2] as string) === 'kernel'))
        .map(match => `${file.path}: ${match[1]} ${match[2]}, of ${owners.get(match[2] as string)}`);
    });
  expect(writes).toEqual([]);
});

test('a noun is spelled the same in lib/domains, sql, app/api and the portal’s pages', () => {
  const domains = new Set(inDomains.map(file => domainOf(file.path)));
  const nouns = (folder: string) =>
    sourceFiles([folder], /\.(tsx?|sql)$/).map(file => file.path.slice(folder.length + 1).split('/')[0] as string);
  const notNouns: Record<string, string[]> = {
    sql: [
      'migrations',
      'functions',
      'security',
      'customers_dataset.sql',
      'metadata_dataset.sql',
      'agent_dataset.sql',
      'views',
    ],
    // Event sources; an event itself has no address here. Clients of OpenLineage send to api/v1.
    'app/api': ['auth', 'calls.ts', 'health', 'openapi.json', 'session', 'sources', 'v1', 'webhooks'],
  };
  const strange = Object.entries(notNouns).flatMap(([folder, others]) =>
    [...new Set(nouns(folder))]
      .filter(noun => !domains.has(noun) && !others.includes(noun))
      .map(noun => `${folder}/${noun}`),
  );
  expect(strange).toEqual([]);
});

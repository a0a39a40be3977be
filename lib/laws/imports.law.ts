import { expect, test } from 'vitest';
import { importsOf, sourceFiles } from '@/lib/laws/source-files';

/** Rings from low to high; a file imports its own ring or a lower one. */
const rings: [prefix: string, rank: number][] = [
  ['lib/platform/', 0],
  ['lib/kernel/', 1],
  ['lib/warehouse/', 2],
  ['lib/domains/', 3],
  ['lib/edge/', 4],
  ['lib/cli/', 5],
  ['app/', 5],
  ['proxy.ts', 5],
  ['instrumentation.ts', 5],
  ['dev/', 6],
  ['lib/laws/', 7],
  ['e2e/', 7],
];

const rankOf = (path: string): number | undefined => rings.find(([prefix]) => path.startsWith(prefix))?.[1];
const isTest = (path: string) => /\.(test|law|spec)\.tsx?$/.test(path);
const files = sourceFiles(['lib', 'app', 'dev', 'e2e'], /\.tsx?$/);
const own = (specifier: string) => (specifier.startsWith('@/') ? specifier.slice(2) : undefined);

test('imports only go down: app, cli → edge → domains → warehouse → kernel → platform', () => {
  const upward = files
    .filter(file => !isTest(file.path))
    .flatMap(file => importsOf(file).map(specifier => ({ file: file.path, target: own(specifier) })))
    .filter(({ file, target }) => target !== undefined && (rankOf(target) ?? -1) > (rankOf(file) ?? 9))
    .map(({ file, target }) => `${file} → ${target}`);
  expect(upward).toEqual([]);
});

test('the alias @/ is the only way to name another file', () => {
  const relative = files.flatMap(file =>
    importsOf(file)
      .filter(specifier => /^\.\.?\//.test(specifier) && !specifier.endsWith('.css'))
      .map(specifier => `${file.path} → ${specifier}`),
  );
  expect(relative).toEqual([]);
});

test('only edge knows Next and Hono; only app knows React; pages know no SQL, drizzle or process.env', () => {
  const forbidden: [prefix: RegExp, specifier: RegExp][] = [
    [/^lib\/(platform|kernel|warehouse|domains)\//, /^(next|next-auth|hono|@hono\/.*|react)(\/|$)/],
    [/^app\//, /^(drizzle-orm|pg|@google-cloud\/.*)(\/|$)/],
    [/^app\//, /^@\/lib\/platform\/(db|bigquery\/.*|kms|stripe)$/],
    [/^app\/_ui\//, /^@\/lib\/(kernel|warehouse|domains|platform)\//],
  ];
  const broken = files
    .filter(file => !isTest(file.path))
    .flatMap(file =>
      importsOf(file).flatMap(specifier =>
        forbidden.some(([path, name]) => path.test(file.path) && name.test(specifier))
          ? [`${file.path} → ${specifier}`]
          : [],
      ),
    );
  expect(broken).toEqual([]);
});

test('a client component imports nothing of a domain but its input.ts and rules.ts', () => {
  const broken = files
    .filter(file => /^['"]use client['"]/.test(file.text.trimStart()))
    .flatMap(file =>
      importsOf(file)
        .filter(
          specifier =>
            /^@\/lib\/(domains|warehouse|kernel|platform|edge)\//.test(specifier) &&
            !/\/(input|rules|form-state)$/.test(specifier),
        )
        .map(specifier => `${file.path} → ${specifier}`),
    );
  expect(broken).toEqual([]);
});

test('the doubles of outside systems import nothing of lib, nor does what they import', () => {
  const byPath = new Map(files.map(file => [file.path, file]));
  const reached = files.filter(file => file.path.startsWith('dev/doubles/'));
  expect(reached.length).toBeGreaterThan(50);
  const seen = new Set(reached.map(file => file.path));
  const broken: string[] = [];
  for (const file of reached) {
    for (const target of importsOf(file).map(own)) {
      if (target === undefined) continue;
      if (target.startsWith('lib/')) broken.push(`${file.path} → ${target}`);
      const next = [`${target}.ts`, `${target}.tsx`].map(path => byPath.get(path)).find(Boolean);
      if (!next || seen.has(next.path)) continue;
      seen.add(next.path);
      reached.push(next);
    }
  }
  expect(broken).toEqual([]);
});

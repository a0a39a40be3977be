import { expect, test } from 'vitest';
import { sourceFiles } from '@/lib/laws/source-files';

const files = sourceFiles(['app', 'lib'], /\.tsx?$/);
const actions = files.filter(file => /^\s*['"]use server['"]/m.test(file.text));
/** The gallery of components changes nothing and is not there in production. */
const withoutVisitor = new Set(['app/(dev)/gallery/actions.ts']);
const guarded = /\b(memberAction|staffAction|personAction)\(\s*data\b/;

/** Exported functions of a file of actions, each with its text up to the next one. */
const exportedFunctions = (text: string): string[] =>
  text.split(/^(?=export )/m).filter(part => part.startsWith('export '));

test('there are actions to check', () => expect(actions.length).toBeGreaterThan(2));

test('every server action goes through a guard of lib/edge/portal/action.ts, which checks Origin, session and organization', () => {
  const open = actions
    .filter(file => !withoutVisitor.has(file.path))
    .flatMap(file =>
      exportedFunctions(file.text)
        .filter(part => !guarded.test(part))
        .map(part => `${file.path}: ${part.split('\n')[0]}`),
    );
  expect(open).toEqual([]);
});

test('a server action stands in a file of its own kind, never inside a component', () => {
  const inside = actions.filter(
    file => !/(^|[/-])actions\.ts$/.test(file.path) || !/^['"]use server['"];/.test(file.text),
  );
  expect(inside.map(file => file.path)).toEqual([]);
});

test('pages have no effects: none of them calls a command', () => {
  const commandNames = new Set(
    files.flatMap(file =>
      [...file.text.matchAll(/export const (\w+) = defineCommand\(/g)].map(match => match[1] as string),
    ),
  );
  const pages = files.filter(file => /^app\/.*(^|\/)(page|layout|loading|not-found)\.tsx$/.test(file.path));
  expect(commandNames.size).toBeGreaterThan(10);
  const calling = pages.filter(file =>
    [...file.text.matchAll(/\b(\w+)\(/g)].some(match => commandNames.has(match[1] as string)),
  );
  expect(calling.map(file => file.path)).toEqual([]);
});

test('a change ends in a notice: an action lands by land(), and leads elsewhere only to Stripe, to a question, to a step, or to a secret that was shown before', () => {
  const leading = actions
    .filter(file => !withoutVisitor.has(file.path))
    .flatMap(file =>
      [...file.text.matchAll(/\bredirect\((.*)\);/g)].map(
        match => `${file.path}: ${match[1]?.replace(/\$\{.*?\}+/g, '…')}`,
      ),
    );
  expect(leading.sort()).toEqual([
    'app/(portal)/billing/actions.ts: `/billing/change?plan=…`',
    'app/(portal)/billing/actions.ts: result.url',
    'app/(portal)/billing/actions.ts: result.url',
    'app/(portal)/keys/actions.ts: `/keys/…?gone=1`',
    'app/(portal)/pull-requests/actions.ts: `…?gone=1`',
    'app/(portal)/settings/retention/actions.ts: confirmHref(keep_days)',
    "app/onboarding/actions.ts: '/onboarding'",
    "app/onboarding/actions.ts: '/onboarding/plan'",
  ]);
  expect(actions.filter(file => /\bland\(/.test(file.text)).length).toBeGreaterThan(15);
});

test('no page believes its address about what was done', () => {
  const believing = files.filter(file =>
    /(?:searchParams\)|search|asked)\.done\b|\bdone\b[^;\n]*await searchParams/.test(file.text),
  );
  // It leads to itself after Stripe, and says it only where it is so.
  expect(believing.map(file => file.path)).toEqual(['app/(portal)/billing/page.tsx']);
});

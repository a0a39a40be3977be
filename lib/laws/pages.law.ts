/** No page refuses anybody without a row in the audit log. Source: docs/architecture.md, Audit. */
import { expect, test } from 'vitest';
import { isAttempt } from '@/lib/domains/audit/attempts';
import { importsOf, sourceFiles } from '@/lib/laws/source-files';

const files = sourceFiles(['app'], /\.tsx?$/);
const pages = files.filter(file => /(^|\/)page\.tsx$/.test(file.path));
const paths = (found: typeof files): string[] => found.map(file => file.path);

/** A call that refuses, and the action it names. */
const refusal = /\b(?:deniedPage|adminsOnlyPage|ownersOnlyPage|keyWriter|teamWriter)\((?:visitor, )?'([^']*)'/g;

test('the 403 page is rendered by deniedPage alone, which puts the attempt on record; Next’s own page apart', () => {
  const rendering = files.filter(file => /<ForbiddenPage\b|\bForbiddenPage\(/.test(file.text));
  expect(paths(rendering)).toEqual([
    'app/(portal)/_shell/denied-page.tsx',
    'app/_ui/error-page.tsx',
    'app/forbidden.tsx',
  ]);
  expect(files.find(file => file.path === 'app/(portal)/_shell/denied-page.tsx')?.text).toContain(
    'await recordRefusal(ctx, viewOfForm(action));',
  );
});

test('no page calls Next’s forbidden(), which records nothing; the gallery apart', () => {
  const calling = files.filter(file => /\bforbidden\(\)/.test(file.text.replace(/\/\*[\s\S]*?\*\//g, '')));
  expect(paths(calling)).toEqual(['app/(dev)/gallery/page.tsx']);
});

test('a page that asks whether its visitor may be there at all refuses by deniedPage', () => {
  const silent = pages.filter(file =>
    /if \(!(?:visitorMay|mayTouch)\([^)]*\)\)\s*\{?\s*(?:return|redirect|notFound)\b(?! (?:deniedPage|adminsOnlyPage|ownersOnlyPage)\()/.test(
      file.text,
    ),
  );
  expect(paths(silent)).toEqual([]);
});

test('every refusal of a page is one the audit log has words for', () => {
  const tried = files.flatMap(file => [...file.text.matchAll(refusal)].map(match => match[1] ?? ''));
  expect(tried.length).toBeGreaterThan(14);
  expect(tried.filter(action => !isAttempt(action))).toEqual([]);
});

test('every page of the support console asks for staff, which puts anybody else on record', () => {
  const support = pages.filter(file => file.path.startsWith('app/support/'));
  expect(support.length).toBeGreaterThan(1);
  expect(
    paths(
      support.filter(file => !/const staff = await staffVisitor\(\);\s*if \(!staff\) notFound\(\);/.test(file.text)),
    ),
  ).toEqual([]);
  const others = sourceFiles(['app', 'lib/edge'], /(?<!test)\.tsx?$/).filter(file => /\.isStaff\b/.test(file.text));
  expect(paths(others)).toEqual([
    'app/(portal)/_shell/portal-frame.tsx',
    'lib/edge/portal/page.ts',
    'lib/edge/portal/refusal.ts',
  ]);
});

test('links do not prefetch, so that nobody is refused a page they did not ask for', () => {
  const direct = files.filter(file => importsOf(file).includes('next/link'));
  expect(paths(direct)).toEqual(['app/_ui/link.tsx']);
  expect(direct[0]?.text).toContain('prefetch={false}');
  expect(paths(files.filter(file => /\.prefetch\(/.test(file.text)))).toEqual([]);
});

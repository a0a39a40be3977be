/** The desk's page where no analyzer is set: it asks nothing, says that the desk is closed, and leads to the history. */
import type { ReactElement, ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, expect, test, vi } from 'vitest';
import { ClosedDesk } from '@/app/(portal)/desk/_parts/closed';
import { DeskEditor } from '@/app/(portal)/desk/_parts/desk-editor';
import type { DeskPage } from '@/app/(portal)/desk/_parts/desk-page';
import QueryPage from '@/app/(portal)/desk/page';
import { postgresAnswers } from '@/dev/testing/desk/postgres-answers';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld } from '@/dev/testing/world';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';
import type { Role } from '@/lib/kernel/permissions';

const set = vi.hoisted(() => ({ analyzer: undefined as string | undefined, cookie: '' }));
vi.mock('@/lib/platform/env', async importOriginal => {
  const original = await importOriginal<typeof import('@/lib/platform/env')>();
  return { ...original, env: () => ({ ...original.env(), SQL_ANALYZER: set.analyzer }) };
});
// Outside Next there is no request to read cookies of; the page's own code stays as it is.
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => (name === sessionCookieName() ? { name, value: set.cookie } : undefined),
    has: (name: string) => name === sessionCookieName(),
  }),
  headers: async () => new Headers(),
}));
vi.mock('next/server', async original => ({
  ...(await original<typeof import('next/server')>()),
  connection: async () => undefined,
}));

type Page = ReactElement<Parameters<typeof DeskPage>[0]>;

async function pageOf(role: Role): Promise<Page> {
  const world = await createWorld();
  set.cookie = await sealedToken(sessionToken(world.members[role], { customerId: world.customerId }));
  return (await QueryPage({ searchParams: Promise.resolve({}) })) as Page;
}

/** Whether one of these elements, or one within them, is of that component. */
function holds(node: ReactNode, component: unknown): boolean {
  if (Array.isArray(node)) return node.some(one => holds(one, component));
  if (typeof node !== 'object' || node === null || !('props' in node)) return false;
  const { type, props } = node as ReactElement<{ children?: ReactNode }>;
  return type === component || holds(props.children, component);
}

beforeEach(() => {
  set.analyzer = undefined;
});

test('without an analyzer the page says so under its title, has no editor, and asks for no tables', async () => {
  const answers = postgresAnswers();
  const { props } = await pageOf('COLLABORATOR');
  expect(props).toMatchObject({ title: 'Query desk', current: 'ask' });
  expect(holds(props.children, ClosedDesk)).toBe(true);
  expect(holds(props.children, DeskEditor)).toBe(false);
  expect(answers.filter(({ sql }) => /"(desk|ingest)_/.test(sql))).toEqual([]);
  const html = renderToStaticMarkup(props.children);
  expect(html).toContain('The query desk is closed for now.');
  expect(html).toMatch(/<a [^>]*href="\/desk\/history"[^>]*>Open your history<\/a>/);
  expect(html).not.toMatch(/<form|<textarea/);
});

test('with one the editor is there, and a viewer is refused either way', async () => {
  set.analyzer = '/opt/sql-analyzer';
  expect(holds((await pageOf('COLLABORATOR')).props.children, DeskEditor)).toBe(true);
  for (const analyzer of [set.analyzer, undefined]) {
    set.analyzer = analyzer;
    const refused = (await pageOf('VIEWER')) as ReactNode;
    expect([holds(refused, ClosedDesk), holds(refused, DeskEditor)]).toEqual([false, false]);
  }
});

/** The running demo's portal as one of its owners uses it. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'next-auth/jwt';
import pg from 'pg';
import { checkoutDir } from '@/dev/stack/paths';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';

export type Demo = {
  portal: string;
  dataPlane: string;
  databaseUrl: string;
  users: { email: string; customer_id: string }[];
  customers: { customer_id: string; apiKey: string }[];
};

export type DemoPortal = {
  portal: string;
  dataPlane: string;
  customerId: string;
  /** The customer's worker's. */
  apiKey: string;
  cookie: string;
  database: pg.Client;
};

/** What the demo of this checkout wrote down; null where none was started. */
export function runningDemo(): Demo | null {
  const file = join(checkoutDir, '.local/demo.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Demo) : null;
}

/** The session cookie of a demo user, signed as the portal signs it. */
export async function sessionCookie(database: pg.Client, user: Demo['users'][number], secret: string): Promise<string> {
  const { rows } = await database.query<{ user_id: string; session_version: number }>(
    'SELECT user_id, session_version FROM users WHERE email = $1',
    [user.email],
  );
  const [person] = rows;
  if (!person) throw new Error(`the demo does not know ${user.email}`);
  const token = {
    userId: person.user_id,
    sessionId: randomUUID(),
    email: user.email,
    signedInAt: Math.floor(Date.now() / 1000),
    customerId: user.customer_id,
    sessionVersion: person.session_version,
  };
  return `${sessionCookieName()}=${await encode({ token, secret })}`;
}

/** Works with the demo's first owner; null where no demo runs. `secret` signs the session, as the portal's own does. */
export async function withDemo<Result>(
  secret: string,
  work: (demo: DemoPortal) => Promise<Result>,
): Promise<Result | null> {
  const demo = runningDemo();
  const [user] = demo?.users ?? [];
  const apiKey = demo?.customers.find(customer => customer.customer_id === user?.customer_id)?.apiKey;
  if (!demo || !user || !apiKey) return null;
  const database = new pg.Client({ connectionString: demo.databaseUrl });
  await database.connect();
  try {
    const cookie = await sessionCookie(database, user, secret);
    const { portal, dataPlane } = demo;
    return await work({ portal, dataPlane, customerId: user.customer_id, apiKey, cookie, database });
  } finally {
    await database.end();
  }
}

/** Milliseconds until the whole answer is there, and its text. */
export async function view({ portal, cookie }: DemoPortal, path: string): Promise<{ ms: number; html: string }> {
  const started = performance.now();
  const response = await fetch(portal + path, { headers: { cookie }, redirect: 'manual' });
  const html = await response.text();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  return { ms: performance.now() - started, html };
}

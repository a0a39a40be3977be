/** The demo's pages as their owner sees them: server time cold and from the cache, and the JavaScript of a first load. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { encode } from 'next-auth/jwt';
import pg from 'pg';
import { percentile } from '@/dev/bench/load';
import { type RepeatViews, repeatViews } from '@/dev/bench/repeat-views';
import { checkoutDir } from '@/dev/stack/paths';
import { sessionCookieName } from '@/lib/edge/portal/sign-in/cookies';

const paths = ['/', '/usage', '/keys'];
const coldViews = 5;
const cachedViews = 30;

export type Demo = {
  portal: string;
  dataPlane: string;
  databaseUrl: string;
  users: { email: string; customer_id: string }[];
  customers: { customer_id: string; apiKey: string }[];
};
export type PageFigures = {
  path: string;
  coldP50Ms: number;
  cachedP95Ms: number;
  scriptKb: number;
  repeat: RepeatViews;
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

/** Milliseconds until the whole page is there, and its text. */
async function view(url: string, cookie: string): Promise<{ ms: number; html: string }> {
  const started = performance.now();
  const response = await fetch(url, { headers: { cookie }, redirect: 'manual' });
  const html = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return { ms: performance.now() - started, html };
}

async function scriptKb(portal: string, html: string): Promise<number> {
  const sources = [...html.matchAll(/<script[^>]+src="([^"]+\.js[^"]*)"(?![^>]*nomodule)/gi)].map(match => match[1]);
  let bytes = 0;
  for (const source of new Set(sources)) {
    const script = await (await fetch(new URL(source ?? '', portal))).arrayBuffer();
    bytes += gzipSync(Buffer.from(script), { level: constants.Z_BEST_COMPRESSION }).length;
  }
  return bytes / 1000;
}

/** Figures of the main pages; null where no demo runs. `secret` signs the session, as the portal's own does. */
export async function pageFigures(secret: string): Promise<PageFigures[] | null> {
  const demo = runningDemo();
  const [user] = demo?.users ?? [];
  const apiKey = demo?.customers.find(customer => customer.customer_id === user?.customer_id)?.apiKey;
  if (!demo || !user || !apiKey) return null;
  const database = new pg.Client({ connectionString: demo.databaseUrl });
  await database.connect();
  try {
    const cookie = await sessionCookie(database, user, secret);
    // A new version of the customer's data is what makes a view cold.
    const makeCold = () =>
      database.query('UPDATE data_versions SET version = version + 1 WHERE customer_id = $1', [user.customer_id]);
    const figures: PageFigures[] = [];
    for (const path of paths) {
      const url = demo.portal + path;
      const { html } = await view(url, cookie);
      const cold: number[] = [];
      for (let i = 0; i < coldViews; i++) {
        await makeCold();
        cold.push((await view(url, cookie)).ms);
      }
      const cached: number[] = [];
      for (let i = 0; i < cachedViews; i++) cached.push((await view(url, cookie)).ms);
      const scripts = await scriptKb(demo.portal, html);
      figures.push({
        path,
        coldP50Ms: percentile(cold, 0.5),
        cachedP95Ms: percentile(cached, 0.95),
        scriptKb: scripts,
        repeat: await repeatViews({ portal: demo.portal, dataPlane: demo.dataPlane, apiKey, cookie, path }),
      });
    }
    return figures;
  } finally {
    await database.end();
  }
}

/**
 * `npm run prove -- canaries`: sends 200 secrets by every form, call and failure to the running demo, then looks for them in
 * all answers, pages, logs, scripts, Postgres, BigQuery and mails. Breaks the demo's key service and providers for seconds.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runningServices } from '@/dev/bench/database';
import { breakages } from '@/dev/prove/canaries/breakages';
import { type Answered, browserOf } from '@/dev/prove/canaries/portal-forms';
import {
  needlesOf,
  Place,
  type Searched,
  searchBigQuery,
  searchFiles,
  searchMails,
  searchPostgres,
} from '@/dev/prove/canaries/search';
import type { Canary } from '@/dev/prove/canaries/secrets';
import { canaryAt, kindAt, type Stored, type Way, waysOf } from '@/dev/prove/canaries/ways';
import { allHeld, check, say } from '@/dev/prove/report';
import { checkoutDir } from '@/dev/stack/paths';

type Demo = {
  portal: string;
  dataPlane: string;
  bigquery: string;
  mail: string;
  databaseUrl: string;
  projectId: string;
  logs: string;
};
const sentInAll = 200;

const services = await runningServices();
Object.assign(process.env, services.env, { LOG_LEVEL: 'error' });
const demo = JSON.parse(readFileSync(join(dirname(dirname(services.file)), 'demo.json'), 'utf8')) as Demo;
// They read the settings that were set above.
const { createWorld } = await import('@/dev/testing/world');
const { sealedToken, sessionToken } = await import('@/dev/testing/session-cookie');
const { createKey } = await import('@/lib/domains/keys/commands');
const { sessionCookieName } = await import('@/lib/edge/portal/sign-in/cookies');
const { closeDb } = await import('@/lib/platform/db');

const world = await createWorld({ plan: 'SCALE' });
const answers: Answered[] = [];
const keep = (answer: Answered) => answers.push(answer);
const cookieOf = async (role: 'OWNER' | 'VIEWER') =>
  `${sessionCookieName()}=${await sealedToken(sessionToken(world.members[role]))}`;
const { result: key } = await createKey(world.system, {
  name: 'canaries',
  scopes: ['credentials:read', 'credentials:write', 'providers:write'],
  rate_limit_tier: 'UNLIMITED',
});
const owner = browserOf(demo.portal, { cookie: await cookieOf('OWNER') }, keep);
const viewer = browserOf(demo.portal, { cookie: await cookieOf('VIEWER') }, keep);
const withKey = browserOf(demo.portal, { authorization: `Bearer ${key.secret.reveal()}` }, keep);

/** Connection tests are limited a minute. */
const allowanceMs = 61_000;

/** A name that must be found wherever names are kept. */
const control = `canary control ${world.customerId.slice(-6)}`;
const canaries: Canary[] = [];
const next = (): Canary => {
  const canary = canaryAt(canaries.length);
  canaries.push(canary);
  return canary;
};

/** One credential of each kind, for the ways that change one; the sixth secret takes a name. */
async function storeFirst(): Promise<Stored> {
  const stored: Record<string, string> = {};
  const store = async (canary: Canary, name: string) => {
    const answer = await owner.json('POST', '/api/credentials', JSON.stringify({ name, secret: canary.secret }));
    if (answer.status !== 201) throw new Error(`${canary.secret.kind}: ${answer.status}`);
    return (JSON.parse(answer.text.slice(answer.text.indexOf('\n\n'))) as { credential_id: string }).credential_id;
  };
  for (let index = 0; Object.keys(stored).length < 5; index++) {
    const kind = kindAt(index);
    if (kind in stored) continue;
    const canary = canaryAt(index);
    canaries.push(canary);
    stored[kind] = await store(canary, `${control} ${kind}`);
  }
  await store(next(), 'canary taken');
  return stored as Stored;
}

async function sendAll(ways: readonly Way[], stored: Stored): Promise<void> {
  for (const way of ways) {
    if (way.asksProvider) await new Promise(resolve => setTimeout(resolve, allowanceMs));
    const restore = way.during ? await breakages[way.during](demo) : async () => {};
    const statuses = new Map<number, number>();
    let unsaid = 0;
    try {
      for (let index = 0; index < way.count; index++) {
        const { status, text } = await way.send(next(), `${control} ${canaries.length}`);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (way.says && !way.says.test(text)) unsaid += 1;
      }
    } finally {
      await restore();
    }
    const seen = [...statuses].map(([status, count]) => `${status} × ${count}`).join(', ');
    const unexpected = [...statuses.keys()].filter(status => !way.expected.includes(status));
    check(unexpected.length === 0 && unsaid === 0, `${way.name}: ${seen}`);
  }
  for (const id of Object.values(stored))
    for (const part of ['', '/edit', '/replace', '/rotate', '/delete']) await owner.get(`/credentials/${id}${part}`);
}

const pages = ['/', '/credentials', '/providers', '/audit', '/keys', '/usage', '/billing', '/settings/notifications'];

/** Every page that could show something of them, as HTML and as React's own payload; the secret itself only where it belongs. */
async function lookAround(stored: Stored): Promise<void> {
  for (const page of pages) {
    await owner.get(page);
    await owner.follow(page);
    await viewer.get(page);
  }
  await owner.json('GET', '/api/credentials');
  await owner.json('GET', '/api/audit');
  const [id] = Object.values(stored);
  const fetched = await fetch(`${demo.dataPlane}/v1/credentials/${id}`, {
    headers: { authorization: `Bearer ${key.secret.reveal()}` },
  });
  const text = await fetched.text();
  check(
    canaries.some(({ needle }) => text.includes(needle)),
    'a worker with the scope does get the secret',
  );
}

async function searched(): Promise<Searched[]> {
  const needles = needlesOf(canaries);
  const place = (name: string, mustHold: string) => new Place(name, needles, mustHold);
  const [answered, logs, scripts, postgres, bigquery, mails] = [
    place('answers, pages and RSC payloads', control),
    place('logs', answers.findLast(({ status }) => status >= 500)?.requestId ?? control),
    place('scripts and source maps', 'sourceMappingURL'),
    place('Postgres, bytes as hex', control),
    place('BigQuery', control),
    place('mails', 'Tenantry'),
  ];
  for (const { where, text } of answers) answered.add(text, where);
  searchFiles(logs, demo.logs, /./);
  searchFiles(scripts, join(checkoutDir, '.next'), /\.(js|map|html|rsc|json)$/);
  await searchPostgres(postgres, demo.databaseUrl);
  await searchBigQuery(bigquery, demo, world);
  await searchMails(mails, demo.mail);
  return [answered, logs, scripts, postgres, bigquery, mails].map(found => found.result());
}

/** The mirror brings the last change to BigQuery within seconds. */
const mirrorMs = 20_000;

try {
  const stored = await storeFirst();
  await sendAll(waysOf({ owner, viewer, key: withKey, customerId: world.customerId, stored }), stored);
  await lookAround(stored);
  check(canaries.length === sentInAll, `${canaries.length} secrets were sent, of five kinds`);
  await new Promise(resolve => setTimeout(resolve, mirrorMs));
  for (const { place, texts, bytes, control: seen, hits } of await searched()) {
    say(`${place}: ${texts} texts, ${(bytes / 1e6).toFixed(1)} MB; ${hits.length} hits`);
    for (const hit of hits.slice(0, 10)) say(`  ${hit}`);
    check(seen && hits.length === 0, `no secret in ${place}; what must be there was found`);
  }
} finally {
  await closeDb();
}
console.log(allHeld() ? 'Everything held.' : 'Something was broken.');
process.exit(allHeld() ? 0 : 1);

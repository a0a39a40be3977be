import { expect, test } from 'vitest';
import { errorMeanings } from '@/app/docs/_content/error-meanings';
import { oldPlaces } from '@/app/docs/_content/old-places';
import { allPages } from '@/app/docs/_content/pages';
import { dataPlaneCalls } from '@/app/docs/_reference/data-plane';
import { documentedRoutes } from '@/lib/edge/v1/routes';
import { subjects } from '@/lib/edge/v1/subjects';

const at = { dataPlane: 'https://data.example', portal: 'https://portal.example' };
const all = dataPlaneCalls(at);
const callOf = (id: string) => all.find(call => call.id === id);
const pages = allPages.map(entry => entry.content(at));

test('every call of the data plane is on exactly one page', () => {
  const shown = pages
    .filter(page => page.slug.startsWith('api/'))
    .flatMap(page => page.sections.flatMap(({ blocks }) => blocks))
    .flatMap(block =>
      typeof block === 'object' && 'call' in block ? [`${block.call.method} ${block.call.path}`] : [],
    );
  expect(shown.sort()).toEqual(documentedRoutes.map(route => `${route.method} ${route.path}`).sort());
  for (const { name } of subjects) expect(all.filter(call => call.subject === name).length, name).toBeGreaterThan(0);
});

test('every refusal a call names is explained', () => {
  const named = all.flatMap(call => call.refusals.flatMap(refusal => refusal.codes));
  expect(named.filter(code => !(code in errorMeanings) && !code.includes(' '))).toEqual([]);
  expect(new Set(named).size).toBeGreaterThan(10);
});

test('fields of bodies and answers come with type, need and limits', () => {
  const body = callOf('startRun')?.body ?? [];
  expect(body.find(field => field.name === 'pipeline_id')).toMatchObject({ type: 'string', required: true });
  expect(body.find(field => field.name === 'lease_seconds')).toMatchObject({ type: 'integer', required: false });
  expect(body.find(field => field.name === 'lease_seconds')?.text).toContain('10 to 86400.');
  const verdict = callOf('verifyKey')?.successes[0]?.fields.map(field => field.name);
  expect(verdict).toContain('rate_limit.remaining');
  expect(callOf('listRuns')?.successes[0]?.fields.map(field => field.name)).toContain('data[].pipeline_logging_id');
  expect(callOf('listRuns')?.parameters.map(field => field.name)).toEqual(
    expect.arrayContaining(['status', 'from', 'to', 'limit', 'after']),
  );
});

test('samples send what the call asks for', () => {
  const curl = (id: string) => callOf(id)?.sample?.code.curl;
  expect(curl('startRun')).toContain('"trigger_type": "api"');
  expect(curl('getRun')).toContain('https://data.example/v1/runs/$RUN_ID');
  expect(curl('readDailyQuota')).toContain('/v1/quota/$(date -u +%Y-%m-%d)"');
  expect(curl('verifyKey')).toContain('Bearer $TENANTRY_SERVICE_KEY');
  expect(curl('readHealth')).not.toContain('Authorization');
});

test('every link of the documentation, and every anchor of old, leads to a place that there is', () => {
  const places = new Set(
    pages.flatMap(({ slug, sections }) => [
      `/docs/${slug}`,
      ...sections.flatMap(({ id, blocks }) => [
        `/docs/${slug}#${id}`,
        ...blocks
          .flatMap(block => (typeof block === 'object' && 'terms' in block ? block.terms : []))
          .flatMap(term => (term.id ? [`/docs/${slug}#${term.id}`] : [])),
      ]),
    ]),
  );
  const texts = JSON.stringify(pages);
  const links = [...texts.matchAll(/\]\((\/docs[^)\s]*)\)/g)].map(([, href = '']) => href);
  expect(links.length).toBeGreaterThan(20);
  expect([...links, ...oldPlaces(at).map(({ href }) => href)].filter(href => !places.has(href))).toEqual([]);
});

test('headings of a page have ids of their own', () => {
  for (const { slug, sections } of pages) {
    const ids = sections.map(({ id }) => id);
    expect(new Set(ids).size, slug).toBe(ids.length);
  }
});

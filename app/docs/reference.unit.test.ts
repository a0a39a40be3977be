import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorMeanings } from '@/app/docs/error-meanings';
import { calls } from '@/app/docs/reference';
import { docsSections } from '@/app/docs/sections';
import { documentedRoutes } from '@/lib/edge/v1/routes';

const all = calls();
const callOf = (id: string) => all.find(call => call.id === id);

test('every call of the data plane is on the page', () => {
  expect(all.map(call => `${call.method} ${call.path}`)).toEqual(
    documentedRoutes.map(route => `${route.method} ${route.path}`),
  );
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

test('examples send what the call asks for', () => {
  expect(callOf('startRun')?.example).toContain('"trigger_type": "api"');
  expect(callOf('getRun')?.example).toContain('/v1/runs/$RUN_ID');
  expect(callOf('readDailyQuota')?.example).toContain('/v1/quota/$(date -u +%Y-%m-%d)"');
  expect(callOf('verifyKey')?.example).toContain('Bearer $TENANTRY_SERVICE_KEY');
  expect(callOf('readHealth')?.example).not.toContain('Authorization');
});

test('every section of the page is in its row of links, and every link has its section', () => {
  const folder = 'app/docs';
  const sources = readdirSync(folder).filter(name => name.endsWith('.tsx'));
  const headings = sources.flatMap(name =>
    [...readFileSync(`${folder}/${name}`, 'utf8').matchAll(/<h2 id="([a-z-]+)"/g)].map(match => match[1]),
  );
  expect(headings.sort()).toEqual(docsSections.map(([id]) => id).sort());
});

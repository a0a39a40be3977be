import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { values } from '@/dev/testing/odd-input';
import type { DocumentedRoute } from '@/lib/edge/v1/define-route';
import { documentedRoutes, routes } from '@/lib/edge/v1/routes';
import { parseInput } from '@/lib/kernel/input';
import { AppError } from '@/lib/platform/errors';

const domains = 'lib/domains';

/** Every schema of what callers send: of the data plane's calls (bodies of its doors are not parsed by what documents them), and those the commands of the portal and the CLI parse. */
async function schemas(): Promise<[name: string, schema: z.ZodType][]> {
  const parsed = new Set<DocumentedRoute>(routes);
  const ofRoutes = documentedRoutes.flatMap(route =>
    Object.entries({
      query: route.query,
      params: route.params,
      body: parsed.has(route) ? route.body : undefined,
    }).flatMap(([part, schema]): [string, z.ZodType][] => (schema ? [[`${route.operationId}, ${part}`, schema]] : [])),
  );
  const ofDomains: [string, z.ZodType][] = [];
  for (const domain of readdirSync(domains)) {
    if (!readdirSync(join(domains, domain)).includes('input.ts')) continue;
    const module = (await import(`@/lib/domains/${domain}/input.ts`)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(module))
      if (value instanceof z.ZodType) ofDomains.push([`${domain}, ${name}`, value]);
  }
  return [...ofRoutes, ...ofDomains];
}

/** The odd value itself, and in the place of each field of an object. */
function* odd(schema: z.ZodType): Generator<unknown> {
  const names = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  yield {};
  for (const text of values) {
    const value = JSON.parse(text) as unknown;
    yield value;
    for (const name of names) yield { [name]: value };
    for (const name of names) yield { [name]: [value, {}] };
  }
}

function told(schema: z.ZodType, raw: unknown): string[] {
  try {
    parseInput(schema, raw);
    return [];
  } catch (error) {
    if (error instanceof AppError) return [error.message, ...(error.fields ?? []).map(({ message }) => message)];
    throw error;
  }
}

const all = await schemas();

describe('no refusal of input speaks the validator’s language', () => {
  test('the walk finds schemas of calls and of commands', () => {
    expect(all.length).toBeGreaterThan(30);
  });
  test.each(all)('%s', (_name, schema) => {
    const sentences = new Set([...odd(schema)].flatMap(raw => told(schema, raw)));
    expect(sentences.size).toBeGreaterThan(0);
    for (const sentence of sentences) {
      expect(sentence).not.toMatch(
        /invalid (input|option|string|number)|received|expected (string|number|one of)|too (big|small)|unrecognized/i,
      );
      expect(sentence).toMatch(/\.$/);
    }
  });
});

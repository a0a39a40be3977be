/** `cli traces prices import`, by a map as LiteLLM publishes it. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { randomText } from '@/lib/platform/ids';

async function fileOf(content: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'prices-')), 'map.json');
  await writeFile(file, content);
  return file;
}

const mapOf = (name: string, input: number) =>
  JSON.stringify({
    sample_spec: { litellm_provider: 'one of …', input_cost_per_token: 0 },
    [name]: { litellm_provider: 'anthropic', input_cost_per_token: input, output_cost_per_token: 1e-5 },
    [`${name}-image`]: { litellm_provider: 'openai', output_cost_per_image: 0.04 },
  });

test('it tells what the map has and what it changed, and repeated that nothing changed', async () => {
  const name = `claude-${randomText(8)}`;
  const file = await fileOf(mapOf(name, 2e-6));
  const first = await operator('traces', 'prices', 'import', file);
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toContain('1 models with a price, 1 without one per token, 0 with one of 0');
  expect(first.out).toContain('1 new models, 0 changed prices, 0 as they were');
  expect((await operator('traces', 'prices', 'import', file)).out).toContain('0 new models, 0 changed prices, 1 as');
  const dearer = await fileOf(mapOf(name, 3e-6));
  const second = await operator('traces', 'prices', 'import', dearer, '--effective-from', '2031-01-01');
  expect(second.out).toContain('0 new models, 1 changed prices, 0 as they were');
});

test('without a file it brings the list of this version', async () => {
  const { code, out } = await operator('traces', 'prices', 'import');
  expect(code).toBe(0);
  expect(out).toMatch(/^\d+ list prices that came with this version, read on \d{4}-\d\d-\d\d\n/);
});

test.each([
  ['what is not JSON', '{', /is not JSON\./],
  ['what is no map', '{"a":1}', /is no map of LiteLLM's/],
])('%s is refused', async (_, content, message) => {
  const { code, err } = await operator('traces', 'prices', 'import', await fileOf(content));
  expect(code).toBe(2);
  expect(err).toMatch(message);
});

test('a day that is none is refused', async () => {
  const file = await fileOf(mapOf(`claude-${randomText(8)}`, 1e-6));
  const { code, err } = await operator('traces', 'prices', 'import', file, '--effective-from', 'tomorrow');
  expect(code).toBe(1);
  expect(err).toContain('effective_from: Use a day such as 2026-11-21.');
});

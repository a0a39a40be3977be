/** Answers of tools are bounded, and whatever is thrown is an answer too. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool, type ToolResult } from '@/lib/edge/v1/mcp/define-tool';
import { callTool } from '@/lib/edge/v1/mcp/tool-answer';
import { type CustomerCtx, requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

const ctx: CustomerCtx = requireCustomer(systemCtx('test', { customerId: 'cus_1', tenantDatasetId: 'acme' }));

type Data = { rows: string[]; text: string | null; fixed: string; note: string | null };
const output = z.strictObject({
  rows: z.array(z.string()),
  text: z.string().nullable(),
  fixed: z.string(),
  note: z.string().nullable(),
});

/** The answer of a tool that answers, or throws, so. */
async function answerOf(run: () => Promise<ToolResult<Data>>) {
  const tool = defineTool({
    name: 'test',
    title: 'Test',
    description: 'A tool of this test.',
    scope: 'runs:read',
    operation: 'run.list',
    input: z.strictObject({ days: z.int().optional(), limit: z.int().optional() }),
    output,
    shrinks: ['rows', 'text'],
    run,
  });
  const answer = await callTool(tool, { ctx, session: null }, {});
  const texts = answer.content.map(block => (block as { text: string }).text);
  return { answer, texts, data: answer.structuredContent as Data, bytes: Buffer.byteLength(JSON.stringify(answer)) };
}

const small: Data = { rows: ['a'], text: 'b', fixed: 'c', note: null };
const wide = '"'.repeat(100);

test('an answer that fits is whole, and is there as text too', async () => {
  const { answer, texts, data } = await answerOf(async () => ({ data: small, says: 'One row.' }));
  expect([answer.isError ?? false, data, texts]).toEqual([false, small, ['One row.', JSON.stringify(small)]]);
});

test('a list that is too large loses its end, and the note and the words say so', async () => {
  const rows = Array.from({ length: 5_000 }, () => wide);
  const { data, texts, bytes } = await answerOf(async () => ({
    data: { ...small, rows, note: 'Mind this.' },
    says: 'So.',
  }));
  expect(bytes).toBeLessThanOrEqual(200_000);
  expect(data.rows.length).toBeGreaterThan(100);
  const note = `The answer was too large: rows has the first ${data.rows.length} of 5000.`;
  expect([data.note, texts[0], data.text]).toEqual([`Mind this. ${note}`, `So. ${note}`, 'b']);
});

test('how to ask for the rest is said of what is left after the cut', async () => {
  const more = ({ rows }: Data) => `Go on with ${rows.length}.`;
  const whole = await answerOf(async () => ({ data: small, says: 'So.', more }));
  expect([whole.data.note, whole.texts[0]]).toEqual(['Go on with 1.', 'So. Go on with 1.']);
  const rows = Array.from({ length: 5_000 }, () => wide);
  const { data, bytes } = await answerOf(async () => ({ data: { ...small, rows }, says: 'So.', more }));
  expect([bytes <= 200_000, data.rows.length < 5_000]).toEqual([true, true]);
  expect(data.note).toMatch(new RegExp(` of 5000\\. Go on with ${data.rows.length}\\.$`));
});

test('a text that is too large is left out before the list that would fit', async () => {
  const { data, bytes } = await answerOf(async () => ({ data: { ...small, text: 'x'.repeat(500_000) }, says: '' }));
  expect([bytes <= 200_000, data.text, data.rows]).toEqual([true, null, ['a']]);
  expect(data.note).toBe('The answer was too large: text is left out.');
});

test('one row that is too large is left out', async () => {
  const { data } = await answerOf(async () => ({ data: { ...small, rows: ['x'.repeat(500_000)] }, says: '' }));
  expect([data.rows, data.note]).toEqual([[], 'The answer was too large: rows has the first 0 of 1.']);
});

test('where nothing that may go makes it fit, it is an error and no endless loop', async () => {
  const { answer } = await answerOf(async () => ({ data: { ...small, fixed: 'x'.repeat(500_000) }, says: '' }));
  expect(answer.isError).toBe(true);
});

test('a refusal says what is wrong and where; a failure of ours tells nothing but the id of the request', async () => {
  const refused = async (error: Error) => (await answerOf(() => Promise.reject(error))).texts;
  const details = { layer: 'text', reason: 'No scripts.', line: 2, column: 7 };
  const [words, problem = ''] = await refused(new AppError('query_refused', 'No scripts.', { details }));
  expect(words).toBe('No scripts. (line 2, column 7)');
  expect(JSON.parse(problem)).toMatchObject({ code: 'query_refused', ...details, request_id: ctx.requestId });
  const later = await refused(new AppError('rate_limited', 'Too many.', { retryAfterSeconds: 3 }));
  expect(JSON.parse(later[1] ?? '')).toMatchObject({ code: 'rate_limited', retry_after_seconds: 3 });
  const ours = await refused(new Error('secret of the inside'));
  expect(ours[0]).toBe('Something failed on our side.');
  expect(ours.join('')).not.toContain('secret');
});

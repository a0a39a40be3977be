/** The list of tools is short, and says all that an agent needs. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { listedTool } from '@/lib/edge/v1/mcp/server';
import { schemaOf } from '@/lib/edge/v1/mcp/tool-schema';
import { mcpTools } from '@/lib/edge/v1/mcp/tools';

test('all tools are listed in less than 25,000 characters', () => {
  expect(JSON.stringify(mcpTools.map(listedTool)).length).toBeLessThan(25_000);
});

test('of an answer names, types and descriptions are told, and what all values of a kind have is not', () => {
  const row = z.strictObject({
    at: z.iso.datetime(),
    count: z.int().meta({ description: 'How many.' }),
    share: z.number().nullable(),
  });
  expect(schemaOf(z.strictObject({ rows: z.array(row), note: z.string() }), 'output')).toEqual({
    type: 'object',
    properties: {
      rows: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            at: { type: 'string', format: 'date-time' },
            count: { type: 'integer', description: 'How many.' },
            share: { type: ['number', 'null'] },
          },
        },
      },
      note: { type: 'string' },
    },
    required: ['rows', 'note'],
  });
});

test('of arguments all bounds are told that are the tool’s own', () => {
  const input = z.strictObject({ limit: z.int().min(1).max(50), offset: z.int().min(0), id: z.string().regex(/^a+$/) });
  expect(schemaOf(input, 'input')).toEqual({
    type: 'object',
    properties: {
      limit: { type: 'integer', minimum: 1, maximum: 50 },
      offset: { type: 'integer', minimum: 0 },
      id: { type: 'string', pattern: '^a+$' },
    },
    required: ['limit', 'offset', 'id'],
    additionalProperties: false,
  });
});

import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createWorld } from '@/dev/testing/world';
import { defineCommand } from '@/lib/kernel/command';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const failing = defineCommand({
  name: `test_${randomText(6).replaceAll(/\d/g, 'x')}.fail_after_commit`,
  permission: 'runs:read',
  input: z.strictObject({}),
  run: async ({ ctx }) => ({
    result: 'stored',
    target: { type: 'test', id: ctx.requestId },
    before: null,
    after: null,
    mirror: [],
  }),
  effects: async () => {
    throw new Error('the mail server is away');
  },
});

test('a change that is committed is answered as done, whatever fails afterwards', async () => {
  const world = await createWorld();
  const ctx = world.as('OWNER');
  expect(await failing(ctx, {})).toEqual({ result: 'stored' });
  const rows = await db().select().from(auditLog).where(eq(auditLog.targetId, ctx.requestId));
  expect(rows).toHaveLength(1);
});

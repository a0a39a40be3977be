import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { mailsTo } from '@/dev/testing/inbox';
import { changeRole, later, rowOf, sendAt, start } from '@/dev/testing/messages';
import { createWorld } from '@/dev/testing/world';
import { leaseMs } from '@/lib/domains/notifications/rules';
import { randomText } from '@/lib/platform/ids';

test('a sender killed after sending and before writing it down: the next one repeats the key, one mail arrives', async () => {
  const world = await createWorld();
  const email = `killed-${randomText(8)}@example.com`;
  await changeRole(world, email);
  const child = spawn(
    'node_modules/.bin/tsx',
    ['dev/testing/killed-sender.ts', world.customerId, start.toISOString()],
    { stdio: 'ignore' },
  );
  const [, signal] = await once(child, 'exit');
  // tsx passes its child's end on, as the signal or as 128 + 9.
  expect(signal === 'SIGKILL' || child.exitCode === 137).toBe(true);
  expect(await rowOf(world, email)).toMatchObject({ status: 'queued', attempts: 1 });
  expect(await mailsTo(email)).toHaveLength(1);
  expect(await sendAt(world, later(leaseMs))).toMatchObject({ sent: 1 });
  expect(await mailsTo(email)).toHaveLength(1);
});

/** What is masked is the customer's to say: by its admins, from then on, and on record. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { keptAgentLog } from '@/dev/testing/agent-log/kept';
import { createWorld, type World } from '@/dev/testing/world';
import { takeEvents } from '@/lib/domains/agent-log/collect/take-items';
import { readAgentSettings } from '@/lib/domains/agent-log/settings/agent-settings';
import { readSettings, setMasking } from '@/lib/domains/agent-log/settings/set-masking';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

const defaults = { mask_secrets: true, mask_emails: false, keep_span_content: false };

const say = (world: World, content: string) => {
  const value = {
    event_id: newUuid(),
    event_timestamp: new Date().toISOString(),
    session_id: 's',
    user_id: 'mia@acme.io',
    event_type: 'message_sent',
    content,
  };
  const append = ingestLog('agent-log').append;
  return takeEvents(world.as('OWNER') as CustomerCtx, {}, { items: [{ value }], append });
};

test('without a choice secrets are masked and e-mails stay; a choice holds at once, and another customer’s does not', async () => {
  const [world, stranger] = [await createWorld(), await createWorld()];
  expect(await readSettings(world.as('VIEWER') as CustomerCtx, {})).toEqual(defaults);
  await say(world, 'password=hunter2 of bob@acme.io');
  await setMasking(world.as('ADMIN'), { mask_secrets: false, mask_emails: true });
  await setMasking(stranger.as('ADMIN'), { keep_span_content: true });
  await say(world, 'password=hunter2 of bob@acme.io');
  const { rows } = await keptAgentLog(world.customerId);
  expect(rows.map(row => [row.content, row.user_id])).toEqual([
    ['password=[secret] of bob@acme.io', 'mia@acme.io'],
    ['password=hunter2 of [email]', 'mia@acme.io'],
  ]);
  const chosen = { ...defaults, mask_secrets: false, mask_emails: true };
  expect(await readSettings(world.as('VIEWER') as CustomerCtx, {})).toEqual(chosen);
  expect(await readAgentSettings(world.customerId)).toMatchObject({ keepSpanContent: false });
});

test('only admins choose, what is not named stays, and the change is on record once', async () => {
  const world = await createWorld();
  await expect(setMasking(world.as('COLLABORATOR'), { mask_emails: true })).rejects.toMatchObject({
    code: 'forbidden',
  });
  for (const input of [{ mask_emails: 'yes' }, { nonsense: true }, null])
    await expect(setMasking(world.as('OWNER'), input)).rejects.toMatchObject({ code: 'invalid_input' });
  await setMasking(world.as('OWNER'), { keep_span_content: true });
  const { result } = await setMasking(world.as('ADMIN'), { mask_emails: true });
  expect(result).toEqual({ ...defaults, mask_emails: true, keep_span_content: true });
  await setMasking(world.as('ADMIN'), { mask_emails: true });
  await setMasking(world.as('ADMIN'), {});
  const rows = await db().select().from(auditLog).where(eq(auditLog.customerId, world.customerId));
  expect(rows.filter(({ action }) => action === 'agent_log.set_masking')).toHaveLength(2);
});

/** What staff see and do about events that could not be applied. */
import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertGivenUpEvent, keptEvents, runEvent } from '@/dev/testing/lineage/events';
import { createWorld, type World } from '@/dev/testing/world';
import { applyDueEvents } from '@/lib/domains/lineage/apply/apply-due';
import { applyEventAgain, listGivenUpEvents } from '@/lib/domains/lineage/dead/given-up';
import { runs } from '@/lib/domains/runs/tables';
import { type Ctx, systemCtx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const staff: Ctx = { ...systemCtx('x'), actor: { type: 'staff', id: `ann-${randomText(8)}@example.com` } };
const actingFor = ({ customerId, tenantDatasetId }: World): Ctx => ({ ...staff, customerId, tenantDatasetId });

test('staff see of an event that was given up whose it is, how often it was tried and why, without what it says', async () => {
  const world = await createWorld({ companyName: 'Acme Analytics' });
  const event = runEvent({ job: { namespace: 'shop', name: 'a-secret-name', facets: {} } });
  const id = await insertGivenUpEvent(world, { event, lastError: 'Nobody knows why.' });
  const listed = await listGivenUpEvents(staff);
  expect(listed.find(row => row.event_id === id)).toEqual({
    event_id: id,
    customer_id: world.customerId,
    company_name: 'Acme Analytics',
    event_type: 'START',
    root_run_id: event.run.runId,
    attempts: 6,
    last_error: 'Nobody knows why.',
    received_at: expect.any(Date),
  });
  expect(JSON.stringify(listed)).not.toContain('a-secret-name');
});

test('the look is on record; members may neither look nor apply', async () => {
  await listGivenUpEvents(staff);
  const reads = await db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.actorId, staff.actor.id), eq(auditLog.action, 'lineage_event.list_given_up')));
  expect(reads.length).toBeGreaterThan(0);
  const world = await createWorld();
  const event_id = await insertGivenUpEvent(world);
  await expect(listGivenUpEvents(world.as('OWNER'))).rejects.toMatchObject({ code: 'forbidden' });
  await expect(applyEventAgain(world.as('OWNER'), { event_id })).rejects.toMatchObject({ code: 'forbidden' });
});

test('applied again by staff it becomes its run, leaves the list, and the organization’s audit log says who did it', async () => {
  const [world, stranger] = [await createWorld(), await createWorld()];
  const event = runEvent();
  const event_id = await insertGivenUpEvent(world, { event });
  await applyDueEvents({ customers: [world.customerId] });
  expect(await db().select().from(runs).where(eq(runs.customerId, world.customerId))).toEqual([]);
  await expect(applyEventAgain(actingFor(stranger), { event_id })).rejects.toMatchObject({ code: 'not_found' });
  await applyEventAgain(actingFor(world), { event_id });
  await expect(applyEventAgain(actingFor(world), { event_id })).rejects.toMatchObject({ code: 'conflict' });
  await applyDueEvents({ customers: [world.customerId] });
  expect(await db().select().from(runs).where(eq(runs.customerId, world.customerId))).toMatchObject([
    { pipelineLoggingId: event.run.runId, status: 'RUNNING', origin: 'observed' },
  ]);
  expect(await keptEvents(world.customerId)).toMatchObject([{ status: 'applied' }]);
  expect((await listGivenUpEvents(staff)).map(row => row.event_id)).not.toContain(event_id);
  const written = await db()
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, 'lineage_event.apply_again')));
  expect(written).toMatchObject([{ actorType: 'staff', actorId: staff.actor.id, targetId: String(event_id) }]);
});

/** The operator's billing commands, as typed: what they print and how they end. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { createPayer, eventsOf, stateOf, subscribe, withBilling } from '@/dev/testing/stripe-life';
import { storeEvents } from '@/lib/domains/subscriptions/sync/inbox';
import { stripeEvents } from '@/lib/domains/subscriptions/tables';
import { db } from '@/lib/platform/db';

const billing = withBilling();

const run = (...line: string[]) => operator('billing', ...line);

test('sync takes over what Stripe says, and an id that Stripe does not have ends with 1', async () => {
  const payer = await createPayer(billing);
  const { id } = await subscribe(billing, payer, 'SCALE');
  expect(await run('sync', id)).toMatchObject({ code: 0, out: `${id}: applied, customer ${payer.customerId}\n` });
  expect(await run('sync', id)).toMatchObject({ code: 0, out: expect.stringContaining('unchanged') });
  expect(await stateOf(payer)).toMatchObject({ plan: 'SCALE', status: 'ACTIVE' });
  expect(await run('sync', 'sub_nothing')).toMatchObject({ code: 1, out: 'sub_nothing: gone\n' });
});

test('dead events are listed with their reason and put back in line', async () => {
  const payer = await createPayer(billing);
  await subscribe(billing, payer, 'SCALE');
  const event = (await eventsOf(billing, payer.stripeCustomerId)).find(
    ({ type }) => type === 'customer.subscription.created',
  );
  const id = event?.id ?? '';
  await storeEvents(event ? [event] : []);
  expect(await run('events', '--dead')).toMatchObject({ code: 0, out: 'No event was given up.\n' });
  await db()
    .update(stripeEvents)
    .set({ status: 'dead', attempts: 17, lastError: 'no luck' })
    .where(eq(stripeEvents.eventId, id));
  const listed = await run('events', '--dead');
  for (const part of [id, 'customer.subscription.created', 'attempts 17', 'no luck'])
    expect(listed.out).toContain(part);
  expect(listed.out).not.toContain(payer.customer.adminEmail);
  expect(await run('replay', '--dead')).toMatchObject({ code: 0, out: `${id}: back in line\n` });
  expect(await run('replay', '--dead')).toMatchObject({ code: 0, out: 'No event was given up.\n' });
  expect(await run('replay', 'evt_nothing')).toMatchObject({ code: 1, err: expect.stringContaining('event') });
  expect((await run('events', '--limit', '1')).out).toContain('waiting');
});

test('reconcile says what it would do, does it, and flags say what is left for a person', async () => {
  const payer = await createPayer(billing);
  const made = await subscribe(billing, payer, 'SCALE');
  const item = { id: made.items.data[0]?.id ?? '', quantity: 2 };
  await billing.client.subscriptions.update(made.id, { items: [item] });
  expect(JSON.parse((await run('reconcile', '--dry-run')).out)).toMatchObject({
    repaired: expect.any(Number),
    flagged: 1,
  });
  expect(await stateOf(payer)).toMatchObject({ status: 'TRIAL' });
  const done = await run('reconcile');
  expect(done.code).toBe(0);
  expect(JSON.parse(done.out)).toMatchObject({ flagged: 1, missing: 0, failed: 0 });
  expect(await stateOf(payer)).toMatchObject({ plan: 'STARTER', status: 'ACTIVE' });
  expect((await run('flags')).out).toContain(`quantity             ${made.id}`);
});

test('wrong usage says how it is used and ends with 2', async () => {
  for (const args of [[], ['nonsense'], ['sync'], ['events', 'x'], ['events', '--limit', 'all'], ['replay']])
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining('USAGE npm run cli -- billing') });
  expect((await run('replay')).err).toMatch(/^Name events, or say --dead/);
});

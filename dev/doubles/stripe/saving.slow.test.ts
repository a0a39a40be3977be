/** The double's state outlives it, and a state that an older double saved is taken over. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startDouble } from '@/dev/doubles/stripe/start-double';
import { customerAt, priceOf } from '@/dev/doubles/stripe/test-customer';

test('after an orderly end nothing is lost; after a crash, what is older than a moment is there', async () => {
  const double = await startDouble();
  const { client } = double;
  try {
    const customer = await customerAt(client, '2026-03-01T00:00:00Z', 'pm_card_visa');
    const { id } = await customer.subscribe('STARTER');
    await double.end();
    await double.start();
    expect((await client.subscriptions.retrieve(id)).status).toBe('active');
    await client.customers.update(customer.id, { name: 'Northwind' });
    await sleep(2_000);
    await double.end('SIGKILL');
    await double.start();
    expect(await client.customers.retrieve(customer.id)).toMatchObject({ name: 'Northwind' });
  } finally {
    await double.stop();
  }
});

test('what fell due while the double was down happens at its start, dated when it was due', async () => {
  const double = await startDouble();
  const { client } = double;
  try {
    const { id: customer } = await client.customers.create({
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const soon = Math.floor(Date.now() / 1000) + 2;
    const items = [{ price: await priceOf(client, 'STARTER') }];
    const { id } = await client.subscriptions.create({ customer, items, trial_end: soon });
    await double.end();
    await sleep(4_000);
    await double.start();
    const read = () => client.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    for (let tries = 0; tries < 60 && (await read()).status === 'trialing'; tries++) await sleep(100);
    expect(await read()).toMatchObject({ status: 'active', latest_invoice: { created: soon } });
    const { data } = await client.events.list({ type: 'customer.subscription.updated' });
    expect(data.map(({ created }) => created)).toEqual([soon]);
  } finally {
    await double.stop();
  }
});

test('a state without the newer parts is filled up', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'stripe-old-'));
  const file = join(dir, 'stripe.json');
  const first = await startDouble({ DOUBLE_STATE_FILE: file });
  const { id } = await first.client.customers.create({ email: 'ada@northwind.example' });
  await first.stop();
  const saved = JSON.parse(readFileSync(file, 'utf8'));
  const { products, prices, customers, subscriptions } = saved.state;
  writeFileSync(file, JSON.stringify({ ...saved, state: { products, prices, customers, subscriptions, answers: {} } }));
  const second = await startDouble({ DOUBLE_STATE_FILE: file });
  try {
    expect((await second.client.customers.retrieve(id)).id).toBe(id);
    const card = await second.client.paymentMethods.attach('pm_card_visa', { customer: id });
    expect(card.customer).toBe(id);
    expect((await second.client.events.list()).data).toHaveLength(1);
  } finally {
    await second.stop();
    await rm(dir, { recursive: true, force: true });
  }
});

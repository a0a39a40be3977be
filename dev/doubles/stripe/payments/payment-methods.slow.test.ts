/** Cards are attached, used as default, listed and taken off; each test token behaves as its name says. */
import { afterAll, expect, test } from 'vitest';
import { startDouble } from '@/dev/doubles/stripe/start-double';
import { refusal } from '@/dev/doubles/stripe/test-customer';

const double = await startDouble();
const { client } = double;
afterAll(() => double.stop());
const newCustomer = () => client.customers.create({ email: 'ada@northwind.example' });

test('a token makes a card of the customer; the newest is listed first', async () => {
  const customer = await newCustomer();
  const visa = await client.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  const master = await client.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
  expect(visa).toMatchObject({ object: 'payment_method', type: 'card', customer: customer.id });
  expect(visa.card).toMatchObject({ brand: 'visa', last4: '4242' });
  const ids = [master.id, visa.id];
  const listed = await client.customers.listPaymentMethods(customer.id, { type: 'card' });
  expect(listed.data.map(({ id }) => id)).toEqual(ids);
  const also = await client.paymentMethods.list({ customer: customer.id, type: 'card' });
  expect(also.data.map(({ id }) => id)).toEqual(ids);
  expect((await client.paymentMethods.retrieve(visa.id)).id).toBe(visa.id);
});

test('a card that the bank refuses cannot be attached; one that fails later can', async () => {
  const customer = await newCustomer();
  const refused = {
    pm_card_chargeDeclined: 'generic_decline',
    pm_card_chargeDeclinedInsufficientFunds: 'insufficient_funds',
  };
  for (const [token, decline_code] of Object.entries(refused)) {
    const error = await refusal(client.paymentMethods.attach(token, { customer: customer.id }));
    expect(error).toMatchObject({ statusCode: 402, code: 'card_declined', decline_code });
  }
  const later = await client.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
  expect(later.customer).toBe(customer.id);
});

test('only a card of the customer can be the default; taken off, it is no default any more', async () => {
  const [customer, other] = [await newCustomer(), await newCustomer()];
  const card = await client.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
  const settings = { invoice_settings: { default_payment_method: card.id } };
  expect(await refusal(client.customers.update(customer.id, settings))).toMatchObject({ statusCode: 400 });
  await client.paymentMethods.attach(card.id, { customer: customer.id });
  await client.customers.update(customer.id, settings);
  expect(await refusal(client.customers.update(other.id, settings))).toMatchObject({ statusCode: 400 });
  expect(await refusal(client.paymentMethods.attach(card.id, { customer: other.id }))).toMatchObject({
    statusCode: 400,
  });
  await client.paymentMethods.detach(card.id);
  expect(await client.customers.retrieve(customer.id)).toMatchObject({
    invoice_settings: { default_payment_method: null },
  });
  expect(await refusal(client.paymentMethods.detach(card.id))).toMatchObject({ statusCode: 400 });
});

test('card numbers are refused, and so are tokens that Stripe does not have', async () => {
  const number = client.paymentMethods.create({
    type: 'card',
    card: { number: '4242424242424242', exp_month: 1, exp_year: 2030 },
  });
  expect(await refusal(number)).toMatchObject({ statusCode: 402, param: 'card[number]' });
  const customer = await newCustomer();
  expect(await refusal(client.paymentMethods.attach('pm_card_none', { customer: customer.id }))).toMatchObject({
    code: 'resource_missing',
  });
});

test('a customer is made with its card in one call', async () => {
  const { id } = await client.customers.create({
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
    address: { line1: '1 High Street', country: 'GB' },
  });
  const customer = await client.customers.retrieve(id, { expand: ['invoice_settings.default_payment_method'] });
  expect(customer).toMatchObject({
    invoice_settings: { default_payment_method: { card: { last4: '4242' } } },
    address: { line1: '1 High Street', country: 'GB', city: null },
  });
});

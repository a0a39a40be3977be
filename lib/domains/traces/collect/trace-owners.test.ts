/** Whose a trace is stays known for a day: the first that is told counts, each customer's own, and no more than is kept. */
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { forgetBeyond, forgetTraceOwners } from '@/lib/domains/traces/collect/forget-owners';
import { namesOfRequest } from '@/lib/domains/traces/collect/trace-owners';
import { type Attributes, newSpan, type OtlpSpan } from '@/lib/domains/traces/otlp/span';
import { traceOwners } from '@/lib/domains/traces/tables';
import { db } from '@/lib/platform/db';
import { newId } from '@/lib/platform/ids';

const newCustomer = () => newId('cus');
const hex = () =>
  newId('x')
    .replace(/[^\da-f]/g, '')
    .padEnd(32, '7')
    .slice(-32);
const spanOf = (traceId: string, attributes: Attributes = {}): OtlpSpan => ({ ...newSpan({}), traceId, attributes });
const named = (traceId: string, session: string, developer?: string) =>
  spanOf(traceId, { 'session.id': session, ...(developer ? { 'user.email': developer } : {}) });
const namesOf = async (customerId: string, span: OtlpSpan, at = new Date()) =>
  (await namesOfRequest(customerId, [span], at)).get(span.traceId);
const rowsOf = (customerId: string) =>
  db().select().from(traceOwners).where(eq(traceOwners.customerId, customerId)).orderBy(traceOwners.traceId);

test('what one request tells of a trace the next one knows, the first of several counts, and its own comes before', async () => {
  const [customer, trace] = [newCustomer(), hex()];
  expect(await namesOf(customer, spanOf(trace))).toEqual({ session: null, developer: null });
  await namesOf(customer, named(trace, 's-1'));
  await namesOf(customer, named(trace, 's-2', 'mia@acme.io'));
  expect(await namesOf(customer, spanOf(trace))).toEqual({ session: 's-1', developer: 'mia@acme.io' });
  expect(await namesOf(customer, named(trace, 's-3'))).toEqual({ session: 's-3', developer: 'mia@acme.io' });
  expect(await rowsOf(customer)).toMatchObject([{ sessionId: 's-1', developerId: 'mia@acme.io' }]);
});

test('another customer’s trace of the same id is another', async () => {
  const [one, other, trace] = [newCustomer(), newCustomer(), hex()];
  const answers = await Promise.all([
    namesOf(one, named(trace, 's-1')),
    namesOf(other, named(trace, 's-2')),
    namesOf(one, named(trace, 's-1')),
  ]);
  expect(answers.map(names => names?.session)).toEqual(['s-1', 's-2', 's-1']);
  expect((await namesOf(one, spanOf(trace)))?.session).toBe('s-1');
  expect((await namesOf(other, spanOf(trace)))?.session).toBe('s-2');
});

test('of an id that is no trace’s nothing is remembered', async () => {
  const customer = newCustomer();
  for (const id of ['', '0'.repeat(32), 'abc', 'g'.repeat(32)]) await namesOf(customer, named(id, 's-1'));
  expect(await rowsOf(customer)).toEqual([]);
  expect((await namesOf(customer, spanOf('0'.repeat(32))))?.session).toBeNull();
});

test('it is forgotten after a day, and of a customer who has too many the first told go', async () => {
  const [customer, trace, at] = [newCustomer(), hex(), new Date()];
  const ago = (minutes: number) => new Date(at.getTime() - minutes * 60_000);
  await namesOf(customer, named(trace, 's-1'), ago(24 * 60 + 1));
  const others = Array.from({ length: 5 }, (_, minute) => ({ minute, trace: hex() }));
  for (const { minute, trace: other } of others) await namesOf(customer, named(other, `s-${minute}`), ago(minute));
  await forgetTraceOwners(at);
  expect((await rowsOf(customer)).map(row => row.sessionId).sort()).toEqual(['s-0', 's-1', 's-2', 's-3', 's-4']);
  expect((await namesOf(customer, spanOf(trace)))?.session).toBeNull();
  await forgetBeyond(customer, 3);
  expect((await rowsOf(customer)).map(row => row.sessionId).sort()).toEqual(['s-0', 's-1', 's-2']);
});

test('many requests at once, each of many traces, tell and hear without waiting for each other', async () => {
  const customer = newCustomer();
  const traces = Array.from({ length: 300 }, hex);
  const request = (index: number) => {
    const order = index % 2 ? traces : traces.toReversed();
    return namesOfRequest(
      customer,
      order.map(trace => named(trace, `s-${trace}`)),
      new Date(),
    );
  };
  await Promise.all(Array.from({ length: 20 }, (_, index) => request(index)));
  expect(await rowsOf(customer)).toHaveLength(traces.length);
  const known = await namesOfRequest(
    customer,
    traces.map(trace => spanOf(trace)),
    new Date(),
  );
  for (const trace of traces) expect(known.get(trace)?.session).toBe(`s-${trace}`);
});

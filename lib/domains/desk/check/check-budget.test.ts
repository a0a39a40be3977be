/** One customer's texts cannot hold up a process. */
import { expect, test } from 'vitest';
import { withinCheckBudget } from '@/lib/domains/desk/check/check-budget';
import { newId } from '@/lib/platform/ids';

test('texts of one customer are checked one after the other, those of others beside them', async () => {
  const [one, other] = [newId('cus'), newId('cus')];
  const seen: string[] = [];
  const check = (name: string) => async () => {
    seen.push(`${name} begins`);
    await new Promise(resolve => setTimeout(resolve, 20));
    seen.push(`${name} ends`);
  };
  await Promise.all([
    withinCheckBudget(one, check('a')),
    withinCheckBudget(one, check('b')),
    withinCheckBudget(other, check('x')),
  ]);
  expect(seen.filter(line => !line.startsWith('x'))).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  expect(seen.indexOf('x begins')).toBeLessThan(seen.indexOf('a ends'));
});

test('whose texts took too long waits until the window ends, and nobody else does; a refused text counts too', async () => {
  const [one, other] = [newId('cus'), newId('cus')];
  const slow = withinCheckBudget(one, async worked => {
    worked(3_000);
    throw new Error('refused');
  });
  await expect(slow).rejects.toThrow('refused');
  await expect(withinCheckBudget(one, async () => 1)).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterSeconds: expect.any(Number),
  });
  expect(await withinCheckBudget(other, async () => 1)).toBe(1);
});

test('more than a few waiting texts of one customer are told to come again', async () => {
  const one = newId('cus');
  const asked = Array.from({ length: 14 }, () => withinCheckBudget(one, async () => 'checked'));
  const answers = await Promise.allSettled(asked);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(11);
});

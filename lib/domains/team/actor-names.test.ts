import { expect, test } from 'vitest';
import { customerKey, serviceKey } from '@/dev/testing/data-plane';
import { createWorld } from '@/dev/testing/world';
import { actorText, readActorNames } from '@/lib/domains/team/actor-names';

test('people, keys and service keys are named, machines of ours are ours, and words of a caller’s own stay', async () => {
  const world = await createWorld();
  const key = await customerKey(world, ['runs:write']);
  const service = await serviceKey(['runs:any']);
  const { email, userId } = world.members.ADMIN;
  const labels = [
    email,
    `user:${userId}`,
    `api_key:${key.id}`,
    `service:${service.id}`,
    'staff:sam',
    'stripe',
    'system',
  ];
  const names = await readActorNames(world.as('VIEWER'), [...labels, null, 'cron 0 2 * * *', undefined]);
  expect(labels.map(label => actorText(label, names))).toEqual([
    'ADMIN Person',
    'ADMIN Person',
    'API key “Test key”',
    'Service key “Test service”',
    'Tenantry support',
    'Stripe',
    'Tenantry',
  ]);
  expect(actorText('cron 0 2 * * *', names)).toBe('cron 0 2 * * *');
});

test('people and keys of another customer have no name, however they are asked for', async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const key = await customerKey(other, ['runs:write']);
  const { email, userId } = other.members.OWNER;
  const labels = [email, `user:${userId}`, `person:${userId}`, `api_key:${key.id}`];
  const names = await readActorNames(world.as('OWNER'), labels);
  expect([...names]).toEqual([]);
  expect(actorText(email, names)).toBe(email);
  expect(actorText(`user:${userId}`, names)).toBe('A former member');
});

import { expect, test } from 'vitest';
import { secretOf } from '@/dev/testing/credentials/secrets';
import { nameInput, openLineInput } from '@/lib/kernel/names';
import { holdsSecret } from '@/lib/kernel/secret-patterns';

const secrets = Object.values(secretOf).flatMap(make =>
  Object.entries(make()).flatMap(([name, value]) => (/secret|api_key|key_id|json/.test(name) ? [String(value)] : [])),
);

test.each(secrets)('a secret is recognised by its form: case %#', secret => {
  for (const text of [secret, `my ${secret}`, `key=${secret};`]) expect(holdsSecret(text)).toBe(true);
});

test.each([
  'Basic reports',
  'Digest weekly: EU',
  'AKIA team',
  'sk-8',
  'production (eu-central-1)',
  '72f988bf-86f1-41af-91ab-2d7cd011db47',
  '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
  'projects/acme-data/datasets/billing_export_v1_resource_0123',
  'A-quite-long-name-of-a-config-with-2-Numbers-in-it',
  'Überweisungen 2026',
])('%s is a name', name => expect(holdsSecret(name)).toBe(false));

test('a name and a line refuse a secret without repeating it', () => {
  for (const input of [nameInput('Give a name.'), openLineInput(400)]) {
    const { error } = input.safeParse('sk-ant-canary0123456789');
    expect(error?.issues).toHaveLength(1);
    expect(error?.message).not.toContain('canary');
  }
});

/** Nothing that is to be masked is left, whatever text it stands in, and a hostile text is read in no time. */
import { expect, test } from 'vitest';
import { maskAddresses } from '@/lib/domains/agent-log/collect/masking/mask-addresses';
import { maskEmails } from '@/lib/domains/agent-log/collect/masking/mask-emails';
import { maskEvent, maskSnapshot } from '@/lib/domains/agent-log/collect/masking/mask-row';
import type { ChatEvent } from '@/lib/domains/agent-log/events';
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';

test.each([
  ['203.0.113.7', '203.0.113.0/24'],
  [' 203.0.113.7 ', ' 203.0.113.0/24 '],
  ['203.0.113.7:443', '203.0.113.0/24:443'],
  ['203.0.113.7, 198.51.100.9,10.0.0.1', '203.0.113.0/24, 198.51.100.0/24,10.0.0.0/24'],
  ['for=203.0.113.7;proto=https', 'for=203.0.113.0/24;proto=https'],
  ['http://203.0.113.7/x', 'http://203.0.113.0/24/x'],
  ['203.0.113.7/32', '203.0.113.0/24'],
  ['203.0.113.0/24', '203.0.113.0/24'],
  ['203.000.113.007', '203.0.113.0/24'],
  ['2001:db8:1:2::7', '2001:db8:1::/48'],
  ['[2001:db8:1:2::7]:443', '[2001:db8:1::/48]:443'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['::1', '0:0:0::/48'],
  ['::ffff:203.0.113.7', '203.0.113.0/24'],
  ['2001:db8:1::/48', '2001:db8:1::/48'],
  ['Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36', 'Mozilla/5.0 Chrome/120.0.0.0 Safari/537.36'],
  ['acme-agent 1.2.3 (build 10.0.19045.2)', 'acme-agent 1.2.3 (build 10.0.19045.2)'],
  ['12:30:45 and 01:23:45:67:89:ab', '12:30:45 and 01:23:45:67:89:ab'],
  ['en-US', 'en-US'],
])('%j is kept as %j', (sent, kept) => {
  expect(maskAddresses(sent)).toBe(kept);
  expect(maskAddresses(kept)).toBe(kept);
});

test.each([
  ['mia@acme.io', '[email]'],
  ['Mia <mia.o+x@mail.acme.co.uk>, 7', 'Mia <[email]>, 7'],
  ['müller@bücher.example wrote', '[email] wrote'],
  ['mailto:a@b.example?x', 'mailto:[email]?x'],
  ['@decorator a@b x @ y.z', '@decorator a@b x @ y.z'],
])('%j becomes %j', (sent, kept) => expect(maskEmails(sent)).toBe(kept));

const event: ChatEvent = {
  event_id: '7d9f0c1e-5b1a-4c1e-9a55-0f7a1f6f2b10',
  event_timestamp: '2026-03-10T11:00:00.000000Z',
  session_id: 'mia@acme.io',
  user_id: 'mia@acme.io',
  event_type: 'tool_end',
  content: { text: 'mail bob@acme.io, Bearer abcdefghijklmnop', password: 'hunter2', list: [{ 'eve@acme.io': 1 }] },
  metadata: {
    execution_id: 'sk-abcdefghijklmnop',
    tool_name: 'send',
    status: 'failure',
    error_message: 'postgres://app:hunter2@db/x refused bob@acme.io',
    repo_url: 'https://git:ghp_abcdefghijkl@github.com/acme/shop',
    own: { note: 'ghp_abcdefghijklmnop' },
  },
  client_info: { ip: '203.0.113.7', 'x-forwarded-for': ['203.0.113.7', { of: '2001:db8::1' }], authorization: 'x' },
};

test('by default addresses and secrets go, e-mails and ids stay', () => {
  const masked = maskEvent(event, { maskSecrets: true, maskEmails: false });
  expect(masked).toEqual({
    ...event,
    content: { text: 'mail bob@acme.io, Bearer [secret]', password: '[secret]', list: [{ 'eve@acme.io': 1 }] },
    metadata: {
      execution_id: 'sk-abcdefghijklmnop',
      tool_name: 'send',
      status: 'failure',
      error_message: 'postgres://app:[secret]@db/x refused bob@acme.io',
      repo_url: 'https://git:[secret]@github.com/acme/shop',
      own: { note: '[secret]' },
    },
    client_info: {
      ip: '203.0.113.0/24',
      'x-forwarded-for': ['203.0.113.0/24', { of: '2001:db8:0::/48' }],
      authorization: '[secret]',
    },
  });
});

test('e-mails go from all but the ids, also where secrets stay', () => {
  const masked = maskEvent(event, { maskSecrets: false, maskEmails: true });
  expect([masked.session_id, masked.user_id]).toEqual(['mia@acme.io', 'mia@acme.io']);
  expect(JSON.stringify([masked.content, masked.metadata])).not.toMatch(/bob|eve/);
  expect(JSON.stringify(masked.content)).toContain('hunter2');
});

test('a snapshot names its repository as events do', () => {
  const { repo_url } = event.metadata as { repo_url: string };
  const rest = { commit_hash: 'a', indexed_at: '', file_count: null, total_tokens: null, vector_index_path: null };
  for (const maskSecretsToo of [true, false]) {
    const masking = { maskSecrets: maskSecretsToo, maskEmails: true };
    expect(maskSnapshot({ repo_url, ...rest }, masking).repo_url).toBe(maskEvent(event, masking).metadata?.repo_url);
  }
});

const bits = [
  'a',
  'a-',
  'a.',
  'a@',
  'a@a.',
  'eyJaaaaaaaa-',
  'token',
  'token=',
  'password:',
  '1.',
  '1.1.1.1/',
  '1:',
  '::',
];
const more = [
  'ffff:',
  'a://a:',
  'Bearer ',
  '-----BEGIN PRIVATE KEY-----',
  '"',
  '\\',
  'é',
  'secret    ',
  '_',
  'sk-',
  ' ',
];
test('a text of 256 kB that looks like the beginning of what is masked everywhere takes no second', () => {
  for (const bit of [...bits, ...more])
    for (const mask of [maskAddresses, maskEmails, maskSecrets]) {
      const text = bit.repeat(Math.ceil(262_144 / bit.length));
      const startedMs = performance.now();
      mask(text);
      expect(performance.now() - startedMs, `${mask.name} of ${bit}`).toBeLessThan(1_000);
    }
});

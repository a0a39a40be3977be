import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { contentOf, type Told } from '@/lib/domains/notifications/contents';
import {
  type EventName,
  eventNames,
  events,
  isPersonEvent,
  writtenName,
  writtenText,
} from '@/lib/domains/notifications/events';
import { renderMail } from '@/lib/domains/notifications/mails/render';

const at = '2026-11-21T02:09:14.000Z';
const token = 'a-token_123';

/** One message of each event, with what its mail must say in both parts. */
const samples: { [Name in EventName]: { data: Told<Name>['data']; subject: string; says: string[]; link?: string } } = {
  quota_warning: {
    data: { day: '2026-11-21', runs: 20, daily_limit: 25 },
    subject: '20 of 25 runs used today in Acme',
    says: ['at least 80 % of its pipeline runs of 21 Nov 2026', 'refused until 00:00 UTC'],
    link: '/usage',
  },
  quota_exceeded: {
    data: { day: '2026-11-21', runs: 25, daily_limit: 25 },
    subject: 'Daily run limit reached in Acme: 25 of 25',
    says: ['used all of its pipeline runs of 21 Nov 2026', 'Runs that have started go on.'],
    link: '/usage',
  },
  run_failed: {
    data: {
      pipeline_id: 'daily_costs',
      run_id: '0b2f4f0e-5a53-4c55-9c33-3a2c0f6a7c11',
      hour: '2026-11-21T02:00:00.000Z',
      started_at: '2026-11-21T02:00:05.000Z',
      ended_at: at,
      error_message: 'Not found: table p.d.t',
    },
    subject: 'Pipeline daily_costs failed in Acme',
    says: ['daily_costs failed', '21 Nov 2026, 02:09 UTC', 'Not found: table p.d.t', 'no further message'],
    link: '/runs/0b2f4f0e-5a53-4c55-9c33-3a2c0f6a7c11',
  },
  schedule_missed: {
    data: {
      about_id: 'cfg_1',
      day: '2026-11-21',
      config_id: 'cfg_1',
      name: 'Billing of acme-prod',
      scheduled_for: '2026-11-21T02:00:00.000Z',
      run_id: '0b2f4f0e-5a53-4c55-9c33-3a2c0f6a7c11',
      reason: 'unclaimed',
    },
    subject: '“Billing of acme-prod” did not run in Acme',
    says: [
      'no worker claimed the run before its next time',
      '21 Nov 2026, 02:00 UTC',
      'Check that a worker is running',
    ],
    link: '/runs/0b2f4f0e-5a53-4c55-9c33-3a2c0f6a7c11',
  },
  failure_review: {
    data: {
      from: '2026-11-16',
      to: '2026-11-22',
      failed: 9,
      kinds: 6,
      top: [
        { pattern: 'Access denied on table <path>', runs: 4 },
        { pattern: 'timed out after <n> s', runs: 1 },
      ],
    },
    subject: '9 runs failed in Acme from 16 Nov 2026 to 22 Nov 2026',
    says: ['by 6 kinds of errors', 'the 2 most frequent', '4 runs: Access denied on table', '1 run: timed out after'],
    link: '/pipelines/errors?from=2026-11-16&to=2026-11-22',
  },
  credential_failing: {
    data: { credential_id: 'crd_1', name: 'prod-gcp', provider: 'Google Cloud', failing_since: at, reason: 'revoked' },
    subject: 'Credential “prod-gcp” is failing in Acme',
    says: ['Google Cloud has rejected this credential since 21 Nov 2026, 02:09 UTC', 'revoked'],
    link: '/',
  },
  key_expires: {
    data: { api_key_id: 'key_1', name: 'etl', expires_at: at, mark: 7, days_left: 7 },
    subject: 'API key “etl” of Acme expires in 7 days',
    says: ['refused from 21 Nov 2026, 02:09 UTC on', 'Rotate it'],
    link: '/keys/key_1',
  },
  credential_expires: {
    data: { credential_id: 'crd_1', name: 'prod', provider: 'OpenAI', expires_at: at, mark: 7, days_left: 7 },
    subject: 'Credential “prod” of Acme expires in 7 days',
    says: ['OpenAI refuses it from 21 Nov 2026, 02:09 UTC on', 'rotate the credential'],
    link: '/credentials/crd_1',
  },
  trial_ends: {
    data: { trial_end_date: '2026-11-24', mark: 1, days_left: 1, plan: 'STARTER' },
    subject: 'The trial of Acme ends in 1 day',
    says: ['The STARTER trial of Acme ends on 24 Nov 2026.', 'nothing is charged before the trial is over'],
    link: '/billing',
  },
  trial_ended: {
    data: { trial_end_date: '2026-11-24', plan: 'STARTER' },
    subject: 'The trial of Acme has ended',
    says: ['The STARTER trial of Acme ended on 24 Nov 2026. New runs are refused.', 'stay readable'],
    link: '/billing',
  },
  payment_failed: {
    data: {
      invoice_id: 'in_1',
      attempt: 1,
      amount_cents: 19_900,
      currency: 'usd',
      reason: 'card declined',
      runs_until: '2026-11-27',
    },
    subject: 'A payment of Acme failed: $199.00',
    says: ['$199.00 could not be charged for Acme.', 'Runs are accepted up to 27 Nov 2026.', 'card declined'],
    link: '/billing',
  },
  invitation: {
    data: { member_id: 'mem_1', invited_by: 'olivia@acme.example', role: 'ADMIN', expires_at: at },
    subject: 'olivia@acme.example invited you to Acme on Tenantry',
    says: ['invited you to Acme as Admin', 'ends on 21 Nov 2026, 02:09 UTC', 'If you do not know them, ignore it'],
    link: `/invitations/${token}`,
  },
  role_changed: {
    data: { member_id: 'mem_1', from: 'VIEWER', to: 'OWNER', changed_by: 'Olivia Owner', changed_at: at },
    subject: 'Your role in Acme is now Owner',
    says: ['Olivia Owner changed your role from Viewer to Owner on 21 Nov 2026, 02:09 UTC', 'cannot be turned off'],
    link: '/',
  },
  member_removed: {
    data: { member_id: 'mem_1', removed_by: 'Olivia Owner', removed_at: at },
    subject: 'You no longer have access to Acme',
    says: ['Olivia Owner removed you from Acme on 21 Nov 2026, 02:09 UTC', 'cannot be turned off'],
  },
  deletion_requested: {
    data: { requested_by: 'Olivia Owner', requested_at: at, final_at: '2026-12-21T02:09:14.000Z' },
    subject: 'Acme will be deleted on 21 Dec 2026',
    says: ['Olivia Owner asked for it on 21 Nov 2026, 02:09 UTC', 'Until then an owner can stop it'],
    link: '/settings/danger',
  },
  deletion_withdrawn: {
    data: { withdrawn_by: 'Otto Owner', withdrawn_at: at },
    subject: 'Acme stays: its deletion was stopped',
    says: ['Otto Owner stopped the deletion on 21 Nov 2026, 02:09 UTC'],
    link: '/',
  },
};

const surroundings = { portalUrl: 'https://portal.example', supportContact: 'help@example.com' };
const mailOf = (name: EventName, change: { company?: string; data?: object } = {}) => {
  const data = { ...samples[name].data, ...change.data };
  const content = contentOf(name, {
    company: change.company ?? 'Acme',
    data,
    secret: name === 'invitation' ? token : null,
  });
  return renderMail(content, { ...surroundings, canBeTurnedOff: !isPersonEvent(name) });
};
/** What a reader of the HTML part sees. */
const seen = (html: string) =>
  html
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#x27;', "'");

describe.each(eventNames)('%s', name => {
  const sample = samples[name];

  test('the sample is what the event takes', () => expect(events[name].data.safeParse(sample.data).success).toBe(true));

  test('both parts say it', async () => {
    const { subject, html, text } = await mailOf(name);
    const read = (part: string) => part.replaceAll('\u2060', '');
    expect(read(subject)).toBe(sample.subject);
    for (const sentence of sample.says) {
      expect(read(text).replace(/\s+/g, ' ')).toContain(sentence);
      expect(read(seen(html))).toContain(sentence);
    }
  });

  test('links lead to the portal only; nothing is loaded from anywhere', async () => {
    const { html, text } = await mailOf(name);
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(match => match[1]?.replaceAll('&amp;', '&'));
    const settings = isPersonEvent(name) ? [] : ['https://portal.example/settings/notifications'];
    expect(links).toEqual([...(sample.link ? [`https://portal.example${sample.link}`] : []), ...settings]);
    for (const link of links) expect(text).toContain(link);
    expect(html).not.toMatch(/<img|<link|src=|url\(|@import|@font-face/i);
  });

  test('it follows a dark theme', async () => {
    const { html } = await mailOf(name);
    expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
    expect(html).toContain('prefers-color-scheme: dark');
  });

  test('every attempt has the same bytes', async () => expect(await mailOf(name)).toEqual(await mailOf(name)));
});

/** Texts that strangers would like to see in a mail in our name, each with what must not be found in any part of it. */
const hostile: [what: string, text: string, never: RegExp][] = [
  ['an address of the web', 'Win at https://evil.example/prize?x=1', /evil\.example|https:\/\/evil/],
  ['an address without a scheme', 'www.evil.example', /www\.e|evil\.example/],
  ['an address with other full stops', 'evil\u3002example evil\uff0eexample', /evil[\u3002\uff0e]example/],
  ['a mail address', 'prize@evil.example', /@evil|evil\.example/],
  ['a telephone link', 'tel:+18005550199', /tel:\+/],
  ['markup', '<a href="https://evil.example">Click</a><img src=x onerror=alert(1)>', /https:\/|evil\.example/],
  ['line ends', 'Acme\r\nBcc: victim@evil.example\r\n\r\nBuy', /\n ?Bcc|evil\.example/],
  ['hidden signs', 'Ac\u200bme\u202eemcA\u2067\u00ad\ufe0f', /c\u200b|\u202e|\u2067|\u00ad|\ufe0f/],
  ['a megabyte', 'y'.repeat(2_000), /y{501}/],
];

/** Every field of an event that takes any text, filled with it. */
function poisoned(name: EventName, text: string): object {
  const shape: Record<string, z.ZodType> = events[name].data.shape;
  const taken = Object.entries(shape).filter(([, schema]) => schema.safeParse(text).success);
  return Object.fromEntries(taken.map(([field]) => [field, text]));
}

describe.each(eventNames)('%s with names and texts of others', name => {
  test.each(hostile)('%s stays plain text', async (_what, text, never) => {
    const { subject, html, text: plain } = await mailOf(name, { company: text, data: poisoned(name, text) });
    // Links of our own hold ids, which are escaped; what people read holds everything else.
    for (const part of [subject, seen(html), plain.replace(/https:\/\/portal\.example\S*/g, '')])
      expect(part).not.toMatch(never);
    expect(html).not.toMatch(/<img|onerror=alert\(1\)>/);
    expect(subject).not.toMatch(/[\r\n]/);
    expect([...subject].length).toBeLessThan(320);
    for (const [, address] of html.matchAll(/(?:href|src)="([^"]*)"/g))
      expect(address).toMatch(/^https:\/\/portal\.example/);
  });
});

test.each(hostile)('a kind of error that holds %s stays plain text', async (_what, pattern, never) => {
  const { html, text } = await mailOf('failure_review', { data: { top: [{ pattern, runs: 1 }] } });
  for (const part of [seen(html), text.replace(/https:\/\/portal\.example\S*/g, '')]) expect(part).not.toMatch(never);
  expect(html).not.toMatch(/<img|onerror=alert\(1\)>/);
});

test('every field that takes any text and is shown is declared as one that others wrote', () => {
  for (const name of eventNames) {
    const shape: Record<string, z.ZodType> = events[name].data.shape;
    const loose = Object.entries(shape).filter(([field, schema]) => {
      const inner = schema instanceof z.ZodNullable ? schema.unwrap() : schema;
      return (
        schema.safeParse('any text').success && inner !== writtenName && inner !== writtenText && !field.endsWith('_id')
      );
    });
    expect(loose.map(([field]) => `${name}.${field}`)).toEqual([]);
  }
});

test.each([
  ['a person', {}, 'olivia@acme.example invited you to Acme on Tenantry', 'olivia@acme.example invited you to'],
  [
    'an API key',
    { invited_by: 'demo workers', inviter: 'key' },
    'You are invited to Acme on Tenantry (by the API key “demo workers”)',
    'The API key “demo workers” invited you to Acme as Admin.',
  ],
  [
    'Tenantry',
    { invited_by: 'Tenantry', inviter: 'tenantry' },
    'You are invited to Acme on Tenantry',
    'Tenantry invited you to Acme as Admin.',
  ],
])('an invitation by %s is told in plain English', async (_who, data, wanted, sentence) => {
  const { subject, text } = await mailOf('invitation', { data });
  expect(subject.replaceAll('\u2060', '')).toBe(wanted);
  expect(text.replaceAll('\u2060', '')).toContain(sentence);
});

test('a name made harmless reads as before', async () => {
  const change = { company: 'Acme Inc.', data: { invited_by: 'olivia@acme.example' } };
  const { subject } = await mailOf('invitation', change);
  expect(subject).not.toBe('olivia@acme.example invited you to Acme Inc. on Tenantry');
  expect(subject.replaceAll('\u2060', '')).toBe('olivia@acme.example invited you to Acme Inc. on Tenantry');
});

test('a run without a message says so, a long one is cut', async () => {
  expect((await mailOf('run_failed', { data: { error_message: null } })).text).toContain('gave no message');
  const { text } = await mailOf('run_failed', { data: { error_message: 'e'.repeat(2_000) } });
  expect(text).toContain(`${'e'.repeat(499)}…`);
});

test('the day itself is called today', async () => {
  const { subject } = await mailOf('trial_ends', { data: { days_left: 0 } });
  expect(subject).toBe('The trial of Acme ends today');
});

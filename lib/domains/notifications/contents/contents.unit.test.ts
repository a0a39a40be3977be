import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { samples, token } from '@/dev/testing/notifications/message-samples';
import { contentOf } from '@/lib/domains/notifications/contents/contents';
import { type EventName, eventNames, events, isPersonEvent } from '@/lib/domains/notifications/events';
import { renderMail } from '@/lib/domains/notifications/mails/render';
import { writtenName, writtenText } from '@/lib/domains/notifications/rules';

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

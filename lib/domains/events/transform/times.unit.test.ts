import { expect, test } from 'vitest';
import { instantText, readTime } from '@/lib/domains/events/transform/times';

const times: [sent: string, iso: string, text: string, why: string][] = [
  ['2026-11-27T12:00:00.123Z', '2026-11-27T12:00:00.123Z', '2026-11-27T12:00:00.123Z', 'as browsers write it'],
  [
    '2026-11-27T12:00:00.123456+00:00',
    '2026-11-27T12:00:00.123Z',
    '2026-11-27T12:00:00.123456+00:00',
    'as Python does',
  ],
  ['2026-11-27T12:00:00.1234567+02:00', '2026-11-27T10:00:00.123Z', '2026-11-27T10:00:00.123456Z', 'as .NET does'],
  ['2026-11-27T12:00:00.123456789Z', '2026-11-27T12:00:00.123Z', '2026-11-27T12:00:00.123456Z', 'as Go does'],
  ['2026-11-27T12:00Z', '2026-11-27T12:00:00.000Z', '2026-11-27T12:00:00Z', 'BigQuery wants seconds'],
  ['2026-11-27 12:00:00+0530', '2026-11-27T06:30:00.000Z', '2026-11-27T06:30:00Z', 'BigQuery wants the colon'],
  ['2026-11-27T12:00:00', '2026-11-27T12:00:00.000Z', '2026-11-27T12:00:00Z', 'UTC where no zone is named'],
  ['2026-11-27', '2026-11-27T00:00:00.000Z', '2026-11-27T00:00:00Z', 'midnight where no time is named'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z', '2017-01-01T00:00:00Z', 'a leap second is the next one'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00Z', 'the first TIMESTAMP'],
  ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00Z', 'a clock that was never set'],
  ['2106-02-07T06:28:15Z', '2106-02-07T06:28:15.000Z', '2106-02-07T06:28:15Z', 'a clock that ran over'],
];

test.each(times)('%j is %s, for BigQuery %j: %s', (sent, iso, text) => {
  const time = readTime(sent);
  expect(time && { iso: new Date(time.ms).toISOString(), text: time.text }).toEqual({ iso, text });
});

test.each([
  '2026-02-30T00:00:00Z',
  '2100-02-29T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-11-27T24:00:00Z',
  '2026-11-27T12:60:00Z',
  '0000-12-31T00:00:00Z',
  '9999-12-31T23:59:59-01:00',
  '+275760-09-13T00:00:00Z',
  '27.11.2026',
  '1795780800000',
  '',
])('%j is no time', sent => {
  expect(readTime(sent)).toBeNull();
});

test.each([
  ['2026-11-27', 'a day is no instant'],
  ['2026-11-27T12:00:00', 'without a zone it is many instants'],
  ['2026-02-30T12:00:00Z', 'there is no such day'],
  ['12345678901234567', 'digits are no time'],
  ['2026-11-27T12:00:00Z and more', 'nothing may follow'],
])('the property %j stays text: %s', text => {
  expect(instantText(text)).toBeNull();
});

test('a property that names an instant is a TIMESTAMP', () => {
  expect(instantText('2026-11-27T12:00:00.5-03:00')).toBe('2026-11-27T12:00:00.5-03:00');
  expect(instantText('2026-11-27T12:00Z')).toBe('2026-11-27T12:00:00Z');
});

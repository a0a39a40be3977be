import { describe, expect, test } from 'vitest';
import {
  backingOff,
  isHeldBack,
  latestTick,
  nextRunOf,
  nextTimes,
  type Scheduled,
  scheduleWords,
} from '@/lib/domains/providers/schedule/next-run';

const at = (text: string) => new Date(`2026-05-04T${text}Z`);
const times = (found: Date[]) => found.map(time => time.toISOString().slice(11, 16));
const config = (change: Partial<Scheduled> = {}): Scheduled => ({
  isActive: true,
  scheduleEnabled: true,
  scheduleCron: '*/15 * * * *',
  scheduleTimezone: 'Europe/Berlin',
  consecutiveFailures: 0,
  lastTickAt: at('10:00'),
  ...change,
});

test.each([
  ['it is switched off', { isActive: false }],
  ['its schedule is off', { scheduleEnabled: false }],
  ['it has none', { scheduleEnabled: false, scheduleCron: null }],
])('a config has no next run where %s', (_, change) => {
  expect(nextRunOf(config(change), at('10:01'))).toBeNull();
  expect(nextTimes(config(change), at('10:01'), 5)).toEqual([]);
  expect(latestTick(config(change), at('08:00'), at('10:01'))).toBeNull();
  expect(backingOff(config({ ...change, consecutiveFailures: 7 }), at('10:01'))).toBeNull();
});

describe('a config that runs well', () => {
  test('runs at each time of its schedule, in its zone', () => {
    expect(times(nextTimes(config(), at('10:01'), 5))).toEqual(['10:15', '10:30', '10:45', '11:00', '11:15']);
    const daily = config({ scheduleCron: '0 9 * * *' });
    expect(nextRunOf(daily, at('10:01'))).toEqual(new Date('2026-05-05T07:00:00Z'));
    expect(backingOff(config(), at('10:01'))).toBeNull();
  });
  test('of missed times the latest counts', () => {
    expect(latestTick(config(), at('08:00'), at('10:50'))).toEqual(at('10:45'));
    expect(latestTick(config(), at('10:45'), at('10:50'))).toBeNull();
  });
});

describe('one that fails', () => {
  const failing = (consecutiveFailures: number, scheduleCron = '*/15 * * * *') =>
    config({ consecutiveFailures, scheduleCron });
  test('four times in a row goes on as before; from five on it runs once an hour, from ten on once a day', () => {
    expect(times(nextTimes(failing(4), at('10:01'), 3))).toEqual(['10:15', '10:30', '10:45']);
    expect(times(nextTimes(failing(5), at('10:01'), 3))).toEqual(['11:00', '12:00', '13:00']);
    expect(nextTimes(failing(10), at('10:01'), 2)).toEqual([
      new Date('2026-05-05T10:00:00Z'),
      new Date('2026-05-06T10:00:00Z'),
    ]);
  });
  test('leaves out the times between, whichever of them comes', () => {
    expect(['10:15', '10:45', '11:00', '11:15'].map(time => isHeldBack(failing(5), at(time)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(isHeldBack(failing(4), at('10:15'))).toBe(false);
  });
  test('is held back no longer than its schedule asks anyway', () => {
    expect(times(nextTimes(failing(6, '0 */2 * * *'), at('10:01'), 2))).toEqual(['12:00', '14:00']);
  });
  test('says how often it failed and when it runs next', () => {
    expect(backingOff(failing(6), at('10:01'))).toEqual({ failures: 6, until: at('11:00') });
  });
  test('has waited for nothing yet where the schedule never made a run', () => {
    expect(isHeldBack(config({ consecutiveFailures: 9, lastTickAt: null }), at('10:15'))).toBe(false);
  });
});

test('the schedule is said in words with its zone', () => {
  expect(scheduleWords(config({ scheduleCron: '0 9 * * 1' }))).toBe('Every Monday at 09:00, Europe/Berlin');
  expect(scheduleWords({ scheduleCron: null, scheduleTimezone: 'UTC' })).toBeNull();
});

import { expect, test } from 'vitest';
import { isLevel, riseOf, rssMbOf, type Sample, windowsOf } from '@/dev/prove/memory';

const minuteMs = 60_000;

/** A sample each 10 s over 20 minutes. */
const measured = (rssMb: (minute: number) => number): Sample[] =>
  Array.from({ length: 120 }, (_, index) => ({ atMs: index * 10_000, rssMb: rssMb(index / 6), heapMb: 50 }));
const fourWindows = (rssMb: (minute: number) => number) => windowsOf(measured(rssMb), 20 * minuteMs, 4);

test('windows hold minimum, median and peak of their own samples', () => {
  const windows = fourWindows(minute => (minute < 5 ? 100 : 200));
  expect(windows).toHaveLength(4);
  expect(windows[0]).toMatchObject({ fromMs: 0, samples: 30, min: 100, median: 100, max: 100, heapMedian: 50 });
  expect(windows[1]).toMatchObject({ fromMs: 5 * minuteMs, samples: 30, min: 200, max: 200 });
});

test('a sawtooth whose teeth stay the same is level', () => {
  expect(isLevel(fourWindows(minute => 300 + 30 * (minute % 3)))).toBe(true);
});

test('a slow rise of a fifth is not level', () => {
  expect(isLevel(fourWindows(minute => 300 + 4 * minute))).toBe(false);
});

test('teeth that grow are not level, though the median is', () => {
  const windows = fourWindows(minute => (Math.floor(minute * 6) % 10 === 0 ? 300 + 10 * minute : 300));
  expect(riseOf(windows).median).toBe(0);
  expect(isLevel(windows)).toBe(false);
});

test('memory that is given back is no leak', () => {
  expect(isLevel(fourWindows(minute => 500 - 10 * minute))).toBe(true);
});

test('memory that a process gave back for a while and took again is no leak', () => {
  const windows = fourWindows(minute => (minute < 3 ? 164 : 245));
  expect(windows.map(window => window.median)).toEqual([164, 245, 245, 245]);
  expect(isLevel(windows)).toBe(true);
});

test('a rise of an eighth in 20 minutes is not level', () => {
  expect(isLevel(fourWindows(minute => 300 + 1.875 * minute))).toBe(false);
});

test('one window alone proves nothing', () => {
  expect(
    isLevel(
      windowsOf(
        measured(() => 100),
        20 * minuteMs,
        1,
      ),
    ),
  ).toBe(false);
});

test('the memory of a process that runs is read from the kernel', () => {
  expect(rssMbOf(process.pid)).toBeGreaterThan(10);
});

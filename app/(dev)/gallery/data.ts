/** Example data of the gallery: ordinary, long, none, unknown. */
import type { ChartPoint } from '@/app/_ui/chart-types';
import type { Status } from '@/app/_ui/status';

export const now = new Date('2026-11-21T18:48:00Z');
const minutesMs = 60_000;
export const ago = (minutes: number): Date => new Date(now.getTime() - minutes * minutesMs);

export type ExampleKey = {
  id: string;
  name: string;
  prefix: string;
  status: Status;
  lastUsed: Date | null;
  expires: Date | null;
  calls: number | null;
};

const longName = 'a-name-of-sixty-four-signs-without-any-space-in-it-to-break-0064';

export const exampleKeys: readonly ExampleKey[] = [
  {
    id: '1',
    name: 'ci-loader',
    prefix: 'ty_live_4f2a…',
    status: 'active',
    lastUsed: ago(6),
    expires: ago(-120_000),
    calls: 182_004,
  },
  {
    id: '2',
    name: 'etl',
    prefix: 'ty_live_91bc…',
    status: 'expires_soon',
    lastUsed: ago(120),
    expires: ago(-5800),
    calls: 41,
  },
  {
    id: '3',
    name: longName,
    prefix: 'ty_live_0c7e…',
    status: 'expired',
    lastUsed: ago(60_000),
    expires: ago(4000),
    calls: 0,
  },
  { id: '4', name: 'notebook', prefix: 'ty_live_77d1…', status: 'revoked', lastUsed: null, expires: null, calls: null },
];

/** Thirty days: busy and idle ones, two that were not measured, a plan change, an unfinished today. */
export const exampleDays: readonly ChartPoint[] = Array.from({ length: 30 }, (_, day) => {
  const date = new Date(Date.UTC(2026, 9, 23 + day));
  const label = `${date.getUTCDate()} ${date.getUTCMonth() === 9 ? 'Oct' : 'Nov'}`;
  const measured = day !== 11 && day !== 12;
  return {
    label,
    values: measured ? { ok: (day * 7) % 6, bad: day % 5 === 3 ? 1 : 0, refused: day === 28 ? 3 : 0 } : null,
    limit: day < 9 ? 4 : 6,
    partial: day === 29,
  };
});

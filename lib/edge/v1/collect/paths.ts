/** The addresses of the calls that take events: Segment's own, and the short ones that its SDKs send to. */
import type { CallKind } from '@/lib/domains/events/collect/check-body';

const long: Record<string, CallKind> = {
  identify: 'identify',
  track: 'track',
  page: 'page',
  screen: 'screen',
  group: 'group',
  alias: 'alias',
  batch: 'batch',
  import: 'batch',
};

const short: Record<string, CallKind> = {
  i: 'identify',
  t: 'track',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
  b: 'batch',
};

/** What each path takes: one call of a type, or a batch whose items say theirs. */
export const collectPaths: ReadonlyMap<string, CallKind> = new Map(
  Object.entries({ ...long, ...short }).map(([name, kind]) => [`/v1/${name}`, kind]),
);

/** What the browser's SDK says of itself and not of visitors; it is answered and not kept. */
export const sdkMetricsPath = '/v1/m';

const settingsPath = /^\/v1\/projects\/([^/]{1,100})\/settings$/;

export type CollectTarget =
  | { what: 'calls'; kind: CallKind }
  | { what: 'metrics' }
  | { what: 'settings'; writeKey: string };

/** What a path below /v1 is for here; null for every other call. Some SDKs end it with a slash. */
export function collectTarget(path: string): CollectTarget | null {
  const plain = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const kind = collectPaths.get(plain);
  if (kind) return { what: 'calls', kind };
  if (plain === sdkMetricsPath) return { what: 'metrics' };
  const writeKey = settingsPath.exec(plain)?.[1];
  return writeKey === undefined ? null : { what: 'settings', writeKey };
}

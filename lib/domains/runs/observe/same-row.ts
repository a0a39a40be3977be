/** Whether a stored row says already what is to be written. Pure. */
import { isDeepStrictEqual } from 'node:util';

/** True where every field of `wanted` stands in `stored` as it is. */
export const isSameRow = (stored: object, wanted: object): boolean =>
  Object.entries(wanted).every(([name, value]) =>
    isDeepStrictEqual((stored as Record<string, unknown>)[name] ?? null, value ?? null),
  );

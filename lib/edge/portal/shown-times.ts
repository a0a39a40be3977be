/** By which clock the visitor of this request reads exact times; said once when the visitor is known, read by every Time. */
import { cache } from 'react';

export type ShownTimes = {
  /** Exact times are local ones. */
  local: boolean;
  /** The zone that the person chose; null is the browser's, which only the browser knows. */
  zone: string | null;
};

const perRequest = cache((): { shown: ShownTimes } => ({ shown: { local: false, zone: null } }));

/** Says it for the rest of the request. */
export function showTimes(shown: ShownTimes): void {
  perRequest().shown = shown;
}

/** What was said; UTC where nothing was, as on pages without a visitor. */
export const shownTimes = (): ShownTimes => perRequest().shown;

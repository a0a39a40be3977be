/** Which outline a page has while it is awaited. Pure. */
import { sectionOfPath } from '@/app/_ui/nav';

/** figures: cards over a chart and a table; list: filters over a table; one: facts of one thing; form: fields in a column. */
export type OutlineKind = 'figures' | 'list' | 'one' | 'form';

const withFigures = new Set(['/', '/usage', '/traces', '/agent-log', '/billing']);
/** Last words of addresses whose page asks for something. */
const asking = new Set(
  'new edit rename rotate revoke replace delete duplicate disconnect invite role owner remove leave change confirm import again cancel secret end-grace end-overlap profile organization notifications retention danger'.split(
    ' ',
  ),
);

/** The kind of the page at a path, and the name of its section. */
export function outlineOf(path: string): { kind: OutlineKind; section: string } {
  const words = path.split('/').filter(Boolean);
  const section = sectionOfPath(path)?.label ?? '';
  if (withFigures.has(path)) return { kind: 'figures', section };
  const last = words.at(-1) ?? '';
  if (asking.has(last)) return { kind: 'form', section };
  return { kind: words.length > 1 && /[\d_]/.test(last) ? 'one' : 'list', section };
}

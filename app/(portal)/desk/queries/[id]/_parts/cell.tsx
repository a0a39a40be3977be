/** One value of a result: null is said, long words end in an ellipsis and are whole where they are looked at, what is nested opens. */
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: the whole of a long text is shown on focus, by keyboard too.

/** Signs from which a text is cut by the styles. */
const longSigns = 48;

/** The object or list that a value is, or that its text holds. */
function nestedIn(value: unknown, type: string): object | null {
  if (typeof value === 'object' && value !== null) return value;
  if (type !== 'JSON' || typeof value !== 'string' || !/^\s*[[{]/.test(value)) return null;
  try {
    return JSON.parse(value) as object;
  } catch {
    // A page has the beginning of what is very long.
    return null;
  }
}

/** Levels that are set in: deeper ones would be more blanks than words. */
const deepest = 12;
const depthOf = (value: unknown, at = 0): number =>
  typeof value === 'object' && value !== null && at <= deepest
    ? Math.max(at, ...Object.values(value).map(item => depthOf(item, at + 1)))
    : at;

/** What a nested value opens as; null for one that is shown as it is. */
export function prettyJson(value: unknown, type: string): string | null {
  const nested = nestedIn(value, type);
  if (!nested) return null;
  return JSON.stringify(nested, null, depthOf(nested) > deepest ? 0 : 2);
}

/** `type` as BigQuery names it. */
export function Cell({ value, type }: { value: unknown; type: string }) {
  if (value === null || value === undefined) return <i className="text-muted">null</i>;
  const pretty = prettyJson(value, type);
  if (pretty !== null) return <Nested pretty={pretty} />;
  const text = String(value);
  if (text === '') return <i className="text-muted">empty</i>;
  if (text.length <= longSigns && !text.includes('\n')) return text;
  return (
    <div className="cell-long" tabIndex={0}>
      {text}
    </div>
  );
}

function Nested({ pretty }: { pretty: string }) {
  const short = JSON.stringify(JSON.parse(pretty));
  if (short.length <= longSigns) return short;
  return (
    <details className="cell-json">
      <summary>{short.slice(0, longSigns * 2)}</summary>
      <pre>{pretty}</pre>
    </details>
  );
}

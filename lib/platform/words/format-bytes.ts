/** Sizes as pages and the audit log write them: powers of 1,024, as BigQuery bills. Pure. */

const nbsp = '\u00a0';
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const amounts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** The largest unit of which there is one. */
const largestStep = (bytes: number): number =>
  Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));

/** Whether two digits after the point say all of it; of more than 1,023 of a unit none may be needed. */
function isWhole(bytes: number, step: number): boolean {
  const size = 1024 ** step;
  const rest = bytes % size;
  return rest === 0 || (bytes / size < 1024 && (rest * 100) % size === 0);
}

/**
 * "1.4 GiB", "10.0 MiB", "512 B". With `exact`, for a limit that somebody set, no digit is lost: "10 MiB", "1.25 GiB",
 * "10,485,761 B".
 */
export function formatBytes(bytes: number, { exact = false } = {}): string {
  let step = largestStep(bytes);
  if (exact) {
    while (!isWhole(bytes, step)) step--;
    return `${amounts.format(bytes / 1024 ** step)}${nbsp}${units[step]}`;
  }
  const amount = bytes / 1024 ** step;
  return `${amount >= 100 || step === 0 ? Math.round(amount) : amount.toFixed(1)}${nbsp}${units[step]}`;
}

/** A place that the palette can lead to. */
export type Target = {
  /** The heading it stands under. */
  group: string;
  label: string;
  href: string;
  /** Beside the label, in grey. */
  detail?: string;
  /** What it is found by as well, in small letters. */
  words?: string;
};

/** Those whose label or words hold every word that was typed; where the label it begins with them, it comes first. */
export function matching(targets: readonly Target[], typed: string): Target[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const [first = ''] = words;
  const starts = ({ label }: Target): number => (label.toLowerCase().startsWith(first) ? 0 : 1);
  return targets
    .filter(({ label, words: also = '' }) => words.every(word => `${label} ${also}`.toLowerCase().includes(word)))
    .sort((one, other) => starts(one) - starts(other));
}

/** The start of an API key is what lists show of it: a whole one that was pasted goes nowhere. */
export const withoutSecret = (typed: string): string =>
  typed
    .replace(/\b(ty_(?:live|test|svc|service)_\w{4})\w+/g, '$1')
    .trim()
    .slice(0, 200);

/** The targets by heading, in the order in which headings first occur. */
export function byGroup(targets: readonly Target[]): [group: string, targets: Target[]][] {
  const groups = new Map<string, Target[]>();
  for (const target of targets) groups.set(target.group, [...(groups.get(target.group) ?? []), target]);
  return [...groups];
}

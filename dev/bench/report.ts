/** The table of a measurement: each figure beside its budget and beside what the bare parts do in the same run. */

export type Line = {
  what: string;
  value: number;
  unit: string;
  /** Least or most that the budget allows; none for the bare parts. `ofBare`: kept as well by this share of a bare part's figure. */
  budget?: { atLeast: number; ofBare?: { share: number; figure: number } } | { atMost: number };
  /** Shares of the bare parts' figures, as text. */
  ratio?: string;
};

const number = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0, useGrouping: true });

/** Whether the figure keeps its budget; one without a budget does. */
export function isMet({ value, budget }: Line): boolean {
  if (!budget) return true;
  if ('atMost' in budget) return value <= budget.atMost;
  const { atLeast, ofBare } = budget;
  return value >= atLeast || (ofBare !== undefined && value >= ofBare.share * ofBare.figure);
}

function wantedWords(budget: Line['budget']): string {
  if (!budget) return '';
  if ('atMost' in budget) return `≤ ${number(budget.atMost)}`;
  const share = budget.ofBare ? `, or ${budget.ofBare.share} of bare` : '';
  return `≥ ${number(budget.atLeast)}${share}`;
}

function cells(line: Line): string[] {
  const { what, value, unit, budget, ratio = '' } = line;
  return [what, `${number(value)} ${unit}`, wantedWords(budget), budget ? (isMet(line) ? 'met' : 'MISSED') : '', ratio];
}

/** The table as text. */
export function table(lines: Line[]): string {
  const rows = [['measured', 'figure', 'budget', '', 'in the same run'], ...lines.map(cells)];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

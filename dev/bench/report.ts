/** The table of a measurement: each figure beside its budget and beside what the bare parts do in the same run. */

export type Line = {
  what: string;
  value: number;
  unit: string;
  /** Least or most that the budget allows; none for the bare parts. */
  budget?: { atLeast: number } | { atMost: number };
  /** Shares of the bare parts' figures, as text. */
  ratio?: string;
};

const number = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0, useGrouping: true });

/** Whether the figure keeps its budget; one without a budget does. */
export function isMet({ value, budget }: Line): boolean {
  if (!budget) return true;
  return 'atLeast' in budget ? value >= budget.atLeast : value <= budget.atMost;
}

function cells(line: Line): string[] {
  const { what, value, unit, budget, ratio = '' } = line;
  const wanted = !budget ? '' : 'atLeast' in budget ? `≥ ${number(budget.atLeast)}` : `≤ ${number(budget.atMost)}`;
  return [what, `${number(value)} ${unit}`, wanted, budget ? (isMet(line) ? 'met' : 'MISSED') : '', ratio];
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

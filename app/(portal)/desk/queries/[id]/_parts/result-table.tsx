/** Rows of a result as they came, with the types under the heads of their columns. */
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
// biome-ignore-all lint/a11y/useSemanticElements: a group that scrolls is no fieldset.
import { formatCount } from '@/app/_ui/format';
import { typeWords } from '@/app/(portal)/desk/_parts/desk-words';
import { Cell } from '@/app/(portal)/desk/queries/[id]/_parts/cell';
import type { ResultColumn } from '@/lib/domains/desk/rules';

type Props = { columns: readonly ResultColumn[]; rows: readonly Record<string, unknown>[]; offset: number };

const numbers = new Set(['INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC']);
const alignment = ({ type, repeated }: ResultColumn): string | undefined =>
  numbers.has(type) && !repeated ? 'num' : undefined;

export const ResultTable = ({ columns, rows, offset }: Props) => (
  <div role="group" className="card result-box" aria-label="Rows" tabIndex={0}>
    <table className="table result">
      <caption className="sr-only">Rows of the result</caption>
      <thead>
        <tr>
          <th scope="col" className="row-number">
            <span className="sr-only">Row</span>
          </th>
          {columns.map(column => (
            <th key={column.name} scope="col" className={alignment(column)}>
              <code>{column.name}</code>
              {typeWords(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: Rows of a result have no names, and never move.
          <tr key={at}>
            <td className="row-number">{formatCount(offset + at + 1)}</td>
            {columns.map(column => (
              <td key={column.name} className={alignment(column)}>
                <Cell value={row[column.name]} type={column.type} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

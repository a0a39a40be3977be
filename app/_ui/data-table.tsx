/** Lists as real tables, cards below 640 px; sorting, paging and selection are links and form fields. */
// biome-ignore-all lint/a11y/useSemanticElements: a group that scrolls is no fieldset, and a region would double the card's.
// biome-ignore-all lint/a11y/noRedundantRoles: display: block takes the table roles away, so the markup says them again.
import type { ReactNode } from 'react';
import { hrefWith, type ListParams, type SortState, sortState } from '@/app/_ui/list-params';
import { SortHead } from '@/app/_ui/sort-head';

export type Column<Row> = {
  id: string;
  head: string;
  cell: (row: Row) => ReactNode;
  /** end: numbers. */
  align?: 'start' | 'end';
  sortable?: boolean;
  /** Place in the card below 640 px: name is the row's header and comes first, second (a status) follows, hidden is left out. */
  priority?: 'name' | 'second' | 'hidden';
  /** Takes the room that others leave; below 640 px it has the whole width of the card. */
  wide?: boolean;
};

export type Sorting = { path: string; params: ListParams; initial: { sort: string; dir: 'asc' | 'desc' } };

type Props<Row> = {
  /** Names the table for assistive technology. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sorting?: Sorting;
  /** The last cell of each row, such as a Menu or buttons. */
  actions?: (row: Row) => ReactNode;
  /** A checkbox per row, sent with the form whose id is `formId`. */
  selection?: { formId: string; name: string; value: (row: Row) => string; label: (row: Row) => string };
  /** Shown instead of the table when there are no rows. */
  empty: ReactNode;
  /** Usually a Pager. */
  footer?: ReactNode;
  /** The id FilterForm dims while the next answer is awaited. */
  id?: string;
};

export function DataTable<Row>(props: Props<Row>) {
  const { caption, columns, rows, rowKey, sorting, actions, selection, empty, footer, id = 'results' } = props;
  if (rows.length === 0) return <div id={id}>{empty}</div>;
  return (
    <div id={id} className="flex flex-col gap-3">
      {sorting && <MobileSort columns={columns} sorting={sorting} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
      <div role="group" className="card scroll-box" aria-label={caption} tabIndex={0}>
        <table className={`table as-cards ${actions ? 'has-actions' : ''}`} role="table">
          <caption className="sr-only">{caption}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {selection && <HeadText>Select</HeadText>}
              {columns.map(column => (
                <Head key={column.id} column={column} sorting={sorting} />
              ))}
              {actions && <HeadText>Actions</HeadText>}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.map(row => (
              <tr key={rowKey(row)} role="row">
                {selection && (
                  <td role="cell" className="select-cell">
                    <label className="choice">
                      <input
                        type="checkbox"
                        form={selection.formId}
                        name={selection.name}
                        value={selection.value(row)}
                      />
                      <span className="sr-only">{selection.label(row)}</span>
                    </label>
                  </td>
                )}
                {columns.map(column => (
                  <Cell key={column.id} column={column} row={row} />
                ))}
                {actions && (
                  <td role="cell" className="actions">
                    {actions(row)}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {footer}
    </div>
  );
}

function HeadText({ children }: { children: string }) {
  return (
    <th scope="col" role="columnheader">
      <span className="sr-only">{children}</span>
    </th>
  );
}

function Head<Row>({ column, sorting }: { column: Column<Row>; sorting?: Sorting }) {
  const className = column.align === 'end' ? 'num' : undefined;
  if (!column.sortable || !sorting)
    return (
      <th scope="col" role="columnheader" className={className}>
        {column.head}
      </th>
    );
  const { state, href } = sortLink(column.id, sorting);
  return (
    <th scope="col" role="columnheader" className={className} aria-sort={state}>
      <SortHead href={href} state={state}>
        {column.head}
      </SortHead>
    </th>
  );
}

/** What the styles ask of a cell. What is not said is left out: a list has hundreds of cells, and each is sent twice. */
const named = <Row,>({ head, align, priority, wide }: Column<Row>) => ({
  'data-label': head,
  ...(align === 'end' && { className: 'num' }),
  ...(priority && { 'data-priority': priority }),
  ...(wide && { 'data-wide': true }),
});

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  if (column.priority === 'name')
    return (
      <th scope="row" role="rowheader">
        <CellText>{column.cell(row)}</CellText>
      </th>
    );
  return (
    <td role="cell" {...named(column)}>
      <CellText>{column.cell(row)}</CellText>
    </td>
  );
}

/**
 * Words longer than the column end in an ellipsis (cells.css); the whole is in the title, and is written out on focus. One
 * word, as a name with hyphens, stays in one line.
 */
function CellText({ children }: { children: ReactNode }) {
  const text = textOf(children);
  return (
    <div
      title={/\S{24}/.test(text) ? text : undefined}
      className={/^\S+$/.test(text) ? 'sm:whitespace-nowrap' : undefined}
    >
      {children}
    </div>
  );
}

type Element = { props: { children?: ReactNode } };
const isElement = (node: object): node is Element => 'props' in node;

/** The text of what stands in the markup as it is; components of their own say theirs. */
function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(textOf).join(' ');
  return typeof node === 'object' && node !== null && isElement(node) ? textOf(node.props.children) : '';
}

/** The header row is hidden on phones, its sort links move here. */
function MobileSort<Row>({ columns, sorting }: { columns: readonly Column<Row>[]; sorting: Sorting }) {
  return (
    <details className="sm:hidden">
      <summary className="btn btn-plain">Sort by</summary>
      <ul className="mt-2 flex flex-wrap gap-2">
        {columns
          .filter(column => column.sortable)
          .map(column => {
            const { state, href } = sortLink(column.id, sorting);
            return (
              <li key={column.id} className="chip">
                <SortHead href={href} state={state}>
                  {column.head}
                </SortHead>
              </li>
            );
          })}
      </ul>
    </details>
  );
}

function sortLink(id: string, { path, params, initial }: Sorting): { state: SortState; href: string } {
  const state = sortState(params, id, initial);
  return { state, href: hrefWith(path, params, { sort: id, dir: state === 'ascending' ? 'desc' : 'asc' }) };
}

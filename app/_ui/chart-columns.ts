/** The columns of a chart as its table holds them: which one is looked at, what it says, and the same one in other charts of the page. */

const lookedAt = 'chart-column';
type LookedAt = { by: Element; point: string | undefined };

/** Columns that a key passes. */
const steps: Record<string, number> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -7,
  PageDown: 7,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

const box = (className: string, ...children: (Node | string)[]): HTMLElement => {
  const element = document.createElement('div');
  element.className = className;
  element.append(...children);
  return element;
};
const copies = (element: Element | undefined): Node[] =>
  [...(element?.childNodes ?? [])].map(node => node.cloneNode(true));

/** Writes into `tip` what the row says; answers the same as one text. An amount that spans columns has no name. */
function writeRow(tip: Element, row: HTMLTableRowElement): string {
  const heads = row.closest('table')?.tHead?.rows[0]?.cells;
  const [date, ...cells] = row.cells;
  let column = 1;
  const lines = cells.map(cell => {
    const name = box('', ...(cell.colSpan > 1 ? [] : copies(heads?.[column])));
    column += cell.colSpan;
    return box('chart-tip-row', name, ' ', box('', cell.textContent ?? ''));
  });
  tip.replaceChildren(box('chart-tip-head', ...copies(date)), ...lines);
  return `${date?.textContent}: ${lines.map(line => line.textContent?.trim()).join(', ')}`;
}

/** Lets `plot`, which lies over the columns, show them; answers how to stop. */
export function readColumns(plot: HTMLElement, label: string): () => void {
  const figure = plot.closest('figure');
  const rows = () => [...(figure?.querySelectorAll<HTMLTableRowElement>('tr[data-point]') ?? [])].reverse();
  const cross = box('chart-cross');
  const tip = box('chart-tip');
  plot.append(cross, tip);
  let at = Number.POSITIVE_INFINITY;

  const mark = (index: number, count: number) => {
    cross.style.left = `${(index * 100) / count}%`;
    cross.style.width = `${100 / count}%`;
    cross.hidden = index < 0;
  };
  const tell = (point?: string) =>
    document.dispatchEvent(new CustomEvent<LookedAt>(lookedAt, { detail: { by: plot, point } }));
  const hide = () => {
    mark(-1, 1);
    tip.hidden = true;
    tell();
  };
  const show = (wanted: number) => {
    const all = rows();
    const index = Math.max(0, Math.min(all.length - 1, wanted));
    const row = all[index];
    if (!row || (index === at && !tip.hidden)) return;
    at = index;
    mark(index, all.length);
    plot.ariaValueText = writeRow(tip, row);
    plot.ariaValueMax = String(all.length);
    plot.ariaValueNow = String(index + 1);
    const isLeft = index * 2 < all.length;
    tip.style.left = isLeft ? `${((index + 1) * 100) / all.length}%` : '';
    tip.style.right = isLeft ? '' : `${((all.length - index) * 100) / all.length}%`;
    tip.hidden = false;
    tell(row.dataset.point);
  };
  const follow = ({ by, point }: LookedAt) => {
    if (by === plot) return;
    const all = rows();
    tip.hidden = true;
    mark(point ? all.findIndex(row => row.dataset.point === point) : -1, all.length);
  };
  const stop = listen(plot, { show, hide, follow, at: () => at, count: () => rows().length });
  Object.assign(plot, { role: 'slider', tabIndex: 0, ariaLabel: label, ariaValueMin: '1', ariaValueText: '' });
  plot.ariaValueMax = String(rows().length);
  plot.ariaValueNow = plot.ariaValueMax;
  hide();
  return () => {
    stop.abort();
    plot.replaceChildren();
  };
}

type Reader = {
  show: (index: number) => void;
  hide: () => void;
  follow: (other: LookedAt) => void;
  at: () => number;
  count: () => number;
};

function listen(plot: HTMLElement, { show, hide, follow, at, count }: Reader): AbortController {
  const stop = new AbortController();
  const on = <Name extends keyof HTMLElementEventMap>(name: Name, act: (event: HTMLElementEventMap[Name]) => void) =>
    plot.addEventListener(name, act, stop);
  const underPointer = ({ clientX }: PointerEvent) => {
    const { left, width } = plot.getBoundingClientRect();
    show(Math.floor(((clientX - left) / width) * count()));
  };
  on('pointermove', underPointer);
  on('pointerdown', underPointer);
  // A finger that is lifted leaves too; what it showed stays until another place is touched.
  on('pointerleave', ({ pointerType }) => pointerType === 'mouse' && hide());
  on('focus', () => show(at()));
  on('blur', hide);
  on('keydown', pressed => {
    const step = steps[pressed.key];
    if (pressed.key === 'Escape') hide();
    else if (step && !pressed.altKey && !pressed.ctrlKey && !pressed.metaKey) {
      pressed.preventDefault();
      show(Math.min(at(), count() - 1) + step);
    }
  });
  document.addEventListener(lookedAt, event => follow((event as CustomEvent<LookedAt>).detail), stop);
  return stop;
}

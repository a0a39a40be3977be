/** What all times of a page share in the browser: the box with local, UTC and relative time, copying, and the keys between them. */
import { formatDistance, formatInstant } from '@/app/_ui/format';
import { formatExact } from '@/app/_ui/times/format-exact';

/** A little longer than the way from the time to the box. */
const leaveMs = 200;
const any = 'time[datetime*="T"]';
const steps: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

const timeAt = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>(any) : null;
const instantOf = (time: HTMLElement): Date => new Date(time.getAttribute('datetime') ?? '');
/** Within a link or a button the time is part of that, and copies nothing. */
const isOwn = (time: HTMLElement): boolean => !time.closest('a, button, summary, label');
/** A table and a list are one stop of the Tab key, however many times they hold. */
const groupOf = (time: HTMLElement): Element => time.closest('table') ?? time.closest('dl, ol, ul') ?? time;
const timesOf = (group: Element): HTMLElement[] =>
  (group.matches(any) ? [group as HTMLElement] : [...group.querySelectorAll<HTMLElement>(any)]).filter(isOwn);

function stopAt(time: HTMLElement): void {
  for (const other of timesOf(groupOf(time))) other.tabIndex = other === time ? 0 : -1;
}

/** Writes local texts where only the browser knows the zone, and gives each group its stop. */
function prepare(): void {
  const groups = new Set<Element>();
  for (const time of document.querySelectorAll<HTMLElement>(any)) {
    const text = time.dataset.local && formatExact(instantOf(time), undefined);
    if (text && time.textContent !== text) time.textContent = text;
    if (isOwn(time)) groups.add(groupOf(time));
  }
  for (const group of groups) {
    const reachable = timesOf(group).filter(time => time.checkVisibility?.() ?? true);
    const [first] = reachable;
    if (first && !reachable.some(time => time.tabIndex === 0)) stopAt(first);
  }
}

function place(box: HTMLElement, time: HTMLElement): void {
  const at = time.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = at.bottom + height + 4 <= innerHeight;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  box.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - height - 4)}px`;
}

/** Serves every time of the document, those that come later too; the answer ends it. */
export function attachTimes(box: HTMLElement): () => void {
  let shown: HTMLElement | null = null;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;

  const line = (label: string, text: string): HTMLElement => {
    const row = document.createElement('span');
    const name = document.createElement('span');
    name.textContent = label;
    row.append(name, text);
    return row;
  };
  const hide = (): void => {
    clearTimeout(leaving);
    shown?.removeAttribute('aria-describedby');
    shown = null;
    if (box.matches(':popover-open')) box.hidePopover();
  };
  const show = (time: HTMLElement, last?: string): void => {
    clearTimeout(leaving);
    if (shown === time && last === undefined) return;
    if (shown !== time) hide();
    shown = time;
    // The browser's own box would lie over ours.
    time.removeAttribute('title');
    time.setAttribute('aria-describedby', box.id);
    const instant = instantOf(time);
    const zone = time.dataset.zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const hint = document.createElement('span');
    hint.role = 'status';
    hint.textContent = last ?? (isOwn(time) ? 'Click or Enter copies it.' : '');
    box.replaceChildren(
      line(`Local (${zone})`, formatExact(instant, zone)),
      line('UTC', formatInstant(instant)),
      line('Relative', formatDistance(instant, new Date())),
      hint,
    );
    if (!box.matches(':popover-open')) box.showPopover();
    place(box, time);
  };
  const copy = async (time: HTMLElement): Promise<void> => {
    const iso = instantOf(time).toISOString();
    const done = await navigator.clipboard.writeText(iso).then(
      () => `Copied ${iso}`,
      () => `Could not copy. It is ${iso}`,
    );
    show(time, done);
  };

  const listeners: { [Name in keyof DocumentEventMap]?: (event: DocumentEventMap[Name]) => void } = {
    pointerover: ({ target }) => {
      const time = timeAt(target);
      if (time) show(time);
      else if (shown && target instanceof Node && box.contains(target)) clearTimeout(leaving);
      else if (shown && shown !== document.activeElement) {
        clearTimeout(leaving);
        leaving = setTimeout(hide, leaveMs);
      }
    },
    focusin: ({ target }) => {
      const time = timeAt(target);
      if (time && time === target && time.matches(':focus-visible')) show(time);
      else if (shown && !time) hide();
    },
    focusout: ({ target }) => {
      if (target === shown) hide();
    },
    click: ({ target }) => {
      const time = timeAt(target);
      if (time && isOwn(time) && !getSelection()?.toString()) void copy(time);
    },
    keydown: event => {
      if (event.key === 'Escape' && shown) {
        event.preventDefault();
        return hide();
      }
      const time = event.target === timeAt(event.target) ? timeAt(event.target) : null;
      if (!time || !isOwn(time) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Enter') return void copy(time);
      const times = timesOf(groupOf(time));
      const ends: Record<string, HTMLElement | undefined> = { Home: times[0], End: times.at(-1) };
      const step = steps[event.key];
      const next = step ? times[times.indexOf(time) + step] : ends[event.key];
      if (times.length < 2 || (!step && !(event.key in ends))) return;
      event.preventDefault();
      if (!next) return;
      stopAt(next);
      next.focus();
    },
    scroll: () => shown && place(box, shown),
  };
  for (const [name, listener] of Object.entries(listeners)) {
    document.addEventListener(name, listener as EventListener, { capture: true, passive: name === 'scroll' });
  }
  const watcher = new MutationObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(prepare);
  });
  watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  prepare();
  return () => {
    hide();
    watcher.disconnect();
    cancelAnimationFrame(frame);
    for (const [name, listener] of Object.entries(listeners)) {
      document.removeEventListener(name, listener as EventListener, { capture: true });
    }
  };
}

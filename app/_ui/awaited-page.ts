/** The page that a clicked link waits for, told by the link and read by the frame, which shows its outline meanwhile. */

let awaited: string | null = null;
const listeners = new Set<() => void>();

function set(href: string | null): void {
  awaited = href;
  for (const listener of listeners) listener();
}

/** Says that the page at `href` is on its way; the function that is answered says that it is here or was given up. */
export function pageAwaited(href: string): () => void {
  set(href);
  return () => {
    if (awaited === href) set(null);
  };
}

export const awaitedPage = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  read: (): string | null => awaited,
  /** On the server no page is awaited. */
  readOnServer: (): null => null,
};

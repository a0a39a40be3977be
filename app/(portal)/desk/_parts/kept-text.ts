/** The editor's text, kept by its tab of the browser for the sign-in and the organization that it was typed in. A browser that keeps nothing has none. */
const prefix = 'tenantry.query.';

/** Forgets what was typed in all sign-ins but that one. */
export function forgetTexts(signIn = ''): void {
  try {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith(prefix) && !key.startsWith(`${prefix}${signIn}.`)) sessionStorage.removeItem(key);
  } catch {
    // Nothing is kept.
  }
}

/** The area's `data-kept` is its sign-in, a dot and its organization. An empty text is forgotten. */
export function keepText({ dataset, value }: HTMLTextAreaElement): void {
  try {
    if (value) sessionStorage.setItem(prefix + dataset.kept, value);
    else sessionStorage.removeItem(prefix + dataset.kept);
  } catch {
    // Nothing is kept, and nothing is missing.
  }
}

/** As the area comes: what was typed before, where nothing else was opened (`data-empty`) and nothing was typed since. */
export function putBack(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  const { kept = '', empty } = area.dataset;
  forgetTexts(kept.split('.')[0]);
  if (area.value !== area.defaultValue) keepText(area);
  else if (empty !== undefined)
    try {
      area.value = sessionStorage.getItem(prefix + kept) ?? area.value;
    } catch {
      // It begins as the page gave it.
    }
}

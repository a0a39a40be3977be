/** A browser without scripts, for tests of the double's pages: follows links, sends forms as a person would. */

export type Shown = { url: string; status: number; text: string };

const plainText = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const attribute = (tag: string, name: string) => {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : plainText(found);
};

/** Opens a page; a redirect to another origin is where the browser leaves, so its address is the answer. */
export async function open(url: string, init: RequestInit = {}): Promise<Shown> {
  const response = await fetch(url, { ...init, redirect: 'manual' });
  const location = response.headers.get('location');
  if (!location) return { url, status: response.status, text: await response.text() };
  const to = new URL(location, url);
  return to.origin === new URL(url).origin ? open(to.href) : { url: to.href, status: response.status, text: '' };
}

/** What the page's only heading of the first level says. Throws where there is not exactly one. */
export function heading({ text }: Shown): string {
  const all = [...text.matchAll(/<h1>(.*?)<\/h1>/gs)];
  if (all.length !== 1) throw new Error(`${all.length} h1 on the page`);
  return plainText(all[0]?.[1] ?? '');
}

/** What the page says went wrong. */
export const alertOf = ({ text }: Shown): string | undefined => {
  const found = /role="alert">(.*?)<\/p>/s.exec(text)?.[1];
  return found === undefined ? undefined : plainText(found);
};

/** The address of a link by its text. Throws where there is none. */
export function link(page: Shown, name: string): string {
  const found = [...page.text.matchAll(/<a ([^>]*)>(.*?)<\/a>/gs)].find(match => plainText(match[2] ?? '') === name);
  const href = attribute(found?.[1] ?? '', 'href');
  if (href === undefined) throw new Error(`There is no link ${name}.`);
  return new URL(href, page.url).href;
}

/** Every form of a page as what a press of each of its buttons would send. */
function buttons(page: Shown): { text: string; action: string; fields: URLSearchParams }[] {
  return [...page.text.matchAll(/<form ([^>]*)>(.*?)<\/form>/gs)].flatMap(([, tag = '', inner = '']) => {
    const hidden = [...inner.matchAll(/<input type="hidden"[^>]*>/g)].map(([input]) => input);
    return [...inner.matchAll(/<button([^>]*)>(.*?)<\/button>/gs)].map(([, own = '', text = '']) => {
      const fields = new URLSearchParams(
        hidden.map(input => [attribute(input, 'name') ?? '', attribute(input, 'value') ?? '']),
      );
      const name = attribute(own, 'name');
      if (name) fields.set(name, attribute(own, 'value') ?? '');
      return { text: plainText(text.replaceAll(/<[^>]*>/g, '')), action: attribute(tag, 'action') ?? '', fields };
    });
  });
}

/** The names of a page's buttons. */
export const buttonsOf = (page: Shown): string[] => buttons(page).map(({ text }) => text);

/** Presses a button after choosing a radio button by its value. Throws where the page has no such button or choice. */
export function press(page: Shown, name: string, chosen: Record<string, string> = {}): Promise<Shown> {
  const button = buttons(page).find(({ text }) => text === name);
  if (!button) throw new Error(`There is no button ${name}; there are ${buttonsOf(page).join(', ')}.`);
  for (const [field, value] of Object.entries(chosen)) {
    if (!page.text.includes(`name="${field}" value="${value}"`)) throw new Error(`There is no choice ${value}.`);
    button.fields.set(field, value);
  }
  return open(new URL(button.action, page.url).href, { method: 'POST', body: button.fields });
}

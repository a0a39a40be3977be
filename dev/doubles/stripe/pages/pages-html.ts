/** HTML of the double's pages: text is escaped unless it is HTML already. */

export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | null | undefined | false | Part[];

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (Array.isArray(part)) return part.map(textOf).join('');
  return part instanceof Html ? part.text : String(part).replaceAll(/[&<>"']/g, character => escapes[character] ?? '');
}

/** Template tag: every value is escaped, and nothing, false and null leave no trace. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.map((string, index) => string + textOf(parts[index])).join(''));

const style = `
:root{color-scheme:light dark;--line:#8884;--muted:color-mix(in srgb,CanvasText 65%,Canvas);--accent:#4f46e5}
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
.test{background:#fef3c7;color:#713f12;padding:.5rem 1rem;text-align:center;font-size:.875rem}
main{max-width:38rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.5rem;margin:.25rem 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
.price{font-size:1.25rem;margin:.25rem 0}.muted{color:var(--muted);margin:.25rem 0}
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:1rem 0;padding:.5rem 1rem}legend{padding:0 .25rem;font-weight:600}
label{display:flex;gap:.5rem;align-items:center;padding:.35rem 0}
button{font:inherit;padding:.55rem 1rem;border-radius:.5rem;border:1px solid var(--line);background:Canvas;color:CanvasText;cursor:pointer}
button.main{background:var(--accent);border-color:var(--accent);color:#fff;font-weight:600}button.wide{width:100%}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.error{border-left:4px solid #dc2626;background:#dc262618;padding:.5rem .75rem;margin:1rem 0}
.note{border-left:4px solid var(--accent);background:#4f46e518;padding:.5rem .75rem;margin:1rem 0}
table{width:100%;border-collapse:collapse}th,td{text-align:left;padding:.4rem .5rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.amount,th.amount{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td a,td.date{white-space:nowrap}.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.row{display:flex;gap:.75rem;flex-wrap:wrap;align-items:center}
@media(prefers-color-scheme:dark){a{color:#a5b4fc}}`;

export type PageOptions = { title: string; body: Html; status?: number };

/** A whole page. No scripts: everything works by links and forms. */
export function pageOf({ title, body, status = 200 }: PageOptions): Response {
  const { text } = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${new Html(style)}</style></head>
<body><header class="test">Local test double of Stripe: no card is charged and nothing leaves this computer.</header>
<main>${body}</main></body></html>`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  };
  return new Response(text, { status, headers });
}

/** What a page says instead of its form: an ended session, an unknown address. */
export const sayingPage = (title: string, text: string, link?: { href: string; text: string }, status = 200) =>
  pageOf({
    title,
    status,
    body: html`<h1>${title}</h1><p>${text}</p>${link && html`<p><a href="${link.href}">${link.text}</a></p>`}`,
  });

/** Sends the browser on after a form. */
export const goTo = (url: string): Response => new Response(null, { status: 303, headers: { location: url } });

/** An amount in the currency's smallest unit as people read it. */
export const money = (amount: number, currency: string): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency: currency.toUpperCase() }).format(amount / 100);

/** A day in UTC, from seconds. */
export const day = (seconds: number): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(seconds * 1000);

/** What went wrong, told to screen readers at once. */
export const errorBox = (text: string | undefined): Html | undefined =>
  text ? html`<p class="error" role="alert">${text}</p>` : undefined;

export type Choice = [value: string, text: string];

/** Radio buttons under one heading; the first is chosen. */
export const choices = (legend: string, name: string, options: Choice[]): Html =>
  html`<fieldset><legend>${legend}</legend>${options.map(
    ([value, text], index) =>
      html`<label><input type="radio" name="${name}" value="${value}" ${index === 0 && 'checked'} required> ${text}</label>`,
  )}</fieldset>`;

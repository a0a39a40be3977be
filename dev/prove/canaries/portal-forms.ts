/** Sends the portal's forms as a browser does, with and without its scripts, and keeps every answer. */

type Form = { action: string; fields: [string, string][]; actionId: string };

const entities: Record<string, string> = { quot: '"', amp: '&', lt: '<', gt: '>', '#x27': "'", '#39': "'" };
const plain = (text: string): string =>
  text.replace(/&(quot|amp|lt|gt|#x27|#39);/g, (_, name: string) => entities[name] ?? '');
const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name.replace(/[$:]/g, '\\$&')}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : plain(found);
};

/** The page's first form of a server action that has this field. */
function formWith(html: string, field: string): Form {
  for (const [form] of html.matchAll(/<form\b[\s\S]*?<\/form>/g)) {
    if (!form.includes('name="$ACTION_') || !form.includes(`name="${field}"`)) continue;
    const hidden = [...form.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([tag]) => tag);
    const fields = hidden.map((tag): [string, string] => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? '']);
    const bound = fields.find(([name]) => /^\$ACTION_\d+:0$/.test(name))?.[1] ?? '{}';
    return { action: '', fields, actionId: (JSON.parse(bound) as { id?: string }).id ?? '' };
  }
  throw new Error(`the page has no form with the field ${field}`);
}

export type Answered = { where: string; status: number; text: string; requestId: string | null };

export type Browser = {
  get: (path: string) => Promise<Answered>;
  /** The page as React asks for it when a link is followed. */
  follow: (path: string) => Promise<Answered>;
  /** Sends the form of the page that has `field`, by React's own call where `scripts` is true. */
  submit: (path: string, field: string, values: Record<string, string | Blob>, scripts: boolean) => Promise<Answered>;
  json: (method: string, path: string, body?: string) => Promise<Answered>;
};

/** A browser that sends `who` (a session's cookie, or a key) with each request; `keep` gets every answer. */
export function browserOf(portal: string, who: Record<string, string>, keep: (answer: Answered) => void): Browser {
  const origin = new URL(portal).origin;
  const ask = async (where: string, path: string, init: RequestInit): Promise<Answered> => {
    const headers = { ...who, origin, ...init.headers };
    const response = await fetch(`${portal}${path}`, { redirect: 'manual', ...init, headers });
    const said = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    const answer = {
      where,
      status: response.status,
      text: `${said}\n\n${await response.text()}`,
      requestId: response.headers.get('x-request-id'),
    };
    keep(answer);
    return answer;
  };
  const get = (path: string) => ask(`GET ${path}`, path, {});
  return {
    get,
    follow: path => ask(`RSC ${path}`, path, { headers: { rsc: '1' } }),
    submit: async (path, field, values, scripts) => {
      const form = formWith((await get(path)).text, field);
      const own = form.fields.filter(([name]) => !name.startsWith('$ACTION_'));
      const machinery = form.fields.filter(([name]) => name.startsWith('$ACTION_'));
      const body = new FormData();
      const entries = [...own.filter(([name]) => !(name in values)), ...Object.entries(values)];
      if (!scripts) for (const [name, value] of machinery) body.append(name, value);
      for (const [name, value] of entries) body.append(scripts ? `_1_${name}` : name, value as string);
      if (!scripts) return ask(`form ${path}`, path, { method: 'POST', body });
      body.append('0', '[{"status":"idle"},"$K1"]');
      return ask(`action ${path}`, path, {
        method: 'POST',
        body,
        headers: { 'next-action': form.actionId, accept: 'text/x-component' },
      });
    },
    json: (method, path, body) =>
      ask(`${method} ${path}`, path, { method, body: body ?? null, headers: { 'content-type': 'application/json' } }),
  };
}

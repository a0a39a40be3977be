/** The contract between forms and server actions: what an action answers, and what the form shows of it. */

/** How a new API key is tried, and where its calls are read while the page waits for the first. */
export type FirstCall = {
  /** What the call of the samples does; null where the key's scopes allow none that is harmless. */
  does: string | null;
  samples: readonly { language: string; title: string; code: string; how: string }[];
  /** Stands in the samples where the key goes: only the browser that was given the key puts it in. */
  keyGap: string;
  callsHref: string;
  keyHref: string;
  /** The runs that it starts. */
  runsHref?: string;
};

/** A value shown once; it lives only in the answer to the POST that made it. */
export type RevealedSecret = {
  /** "API key", used in sentences. */
  label: string;
  value: string;
  /** Name of the line for `.env` files, such as TENANTRY_API_KEY. */
  envName?: string;
  /** What belongs to it and is no secret, such as the address it is for. */
  beside?: { label: string; value: string };
  /** Samples for an API key. */
  firstCall?: FirstCall;
  /** Where Done leads. */
  doneHref: string;
  /** What a reload shows instead: the page that says the value is gone. */
  goneHref?: string;
};

export type FormState =
  | { status: 'idle' }
  | {
      status: 'error';
      /** One sentence for the whole form, shown first. */
      message: string;
      /** Sentence by field name, shown beside the field and linked from the summary. */
      fieldErrors: Record<string, string>;
      /** What was submitted, given back to the fields; never secrets. */
      values: Record<string, string | string[]>;
    }
  | { status: 'done'; message?: string; secret?: RevealedSecret };

/** A server action a form can call; it works with and without JavaScript. */
export type FormAction = (previous: FormState, data: FormData) => Promise<FormState>;

export const idle: FormState = { status: 'idle' };

/** Names given back; a form of ours has far fewer. */
const maxNames = 1_000;

/**
 * Submitted values to work with, and to give back after an error: text only, without hidden machinery and without the
 * fields named in `secrets`. U+0000, which nobody types and Postgres refuses, is left out.
 */
export function submittedValues(data: FormData, secrets: readonly string[] = []): Record<string, string | string[]> {
  const lists = new Map<string, string[]>();
  for (const [name, value] of data) {
    if (lists.size >= maxNames && !lists.has(name)) continue;
    if (typeof value !== 'string' || name.startsWith('$') || secrets.includes(name)) continue;
    const list = lists.get(name) ?? [];
    if (list.push(value.replaceAll('\0', '')) === 1) lists.set(name, list);
  }
  return Object.fromEntries([...lists].map(([name, list]) => [name, list.length === 1 ? (list[0] ?? '') : list]));
}

/** The error state of a form; field errors as a list of paths (as domains report them) become a record, first one wins. */
export function formError(
  message: string,
  data: FormData,
  fields: readonly { path: string; message: string }[] = [],
  secrets: readonly string[] = [],
): FormState {
  const fieldErrors: Record<string, string> = {};
  for (const field of fields) fieldErrors[field.path.split('.')[0] ?? field.path] ??= field.message;
  return { status: 'error', message, fieldErrors, values: submittedValues(data, secrets) };
}

/** What a form says above its fields when it was refused: never what stands beside a field already. Pure. */
import type { FormState } from '@/lib/edge/portal/form-state';

type Refused = Extract<FormState, { status: 'error' }>;

export type Summary = {
  /** Null where the one field that is wrong says it all. */
  message: string | null;
  /** Fields to go to, where there are several. */
  links: { name: string; label: string }[];
  /** Sentences about what has no field in this form. */
  others: string[];
  /** The one field to go to at once; undefined where the summary comes first. */
  focus?: string;
};

/** `labels` names the fields the form shows; what is wrong with anything else can only be said here. */
export function summaryOf({ message, fieldErrors }: Refused, labels: Readonly<Record<string, string>>): Summary {
  const entries = Object.entries(fieldErrors);
  const shown = entries.filter(([name]) => Object.hasOwn(labels, name));
  const others = entries.filter(([name]) => !Object.hasOwn(labels, name)).map(([, text]) => text);
  const [first, ...more] = shown;
  if (!first) {
    // The message of a single problem is that problem, perhaps with its path before it.
    return { message, links: [], others: others.filter(text => !message.endsWith(text)) };
  }
  if (more.length > 0 || others.length > 0) {
    const links = shown.map(([name]) => ({ name, label: labels[name] ?? name }));
    return { message, links: more.length > 0 ? links : [], others };
  }
  const [name, text] = first;
  return message.endsWith(text) ? { message: null, links: [], others, focus: name } : { message, links: [], others };
}

/** Stripe's form encoding: `items[0][price]=x` and `expand[]=y` as nested values; everything stays text. */
export type Form = { [name: string]: FormValue };
export type FormValue = string | FormValue[] | Form;

type Node = Map<string, Node | string>;

function put(root: Node, path: string[], value: string): void {
  let node = root;
  path.forEach((part, index) => {
    const key = part === '' ? String(node.size) : part;
    if (index === path.length - 1) {
      node.set(key, value);
      return;
    }
    const next = node.get(key);
    const child: Node = next instanceof Map ? next : new Map();
    node.set(key, child);
    node = child;
  });
}

function toValue(node: Node): FormValue {
  const entries = [...node].map(([key, value]) => [key, value instanceof Map ? toValue(value) : value] as const);
  if (entries.length > 0 && entries.every(([key], index) => key === String(index)))
    return entries.map(([, value]) => value);
  return Object.fromEntries(entries);
}

/** Parses a body or a query string. */
export function parseForm(text: string): Form {
  const root: Node = new Map();
  for (const [name, value] of new URLSearchParams(text)) {
    const [first = '', ...rest] = name.split('[');
    put(root, [first, ...rest.map(part => part.replace(/\]$/, ''))], value);
  }
  return Object.fromEntries([...root].map(([key, value]) => [key, value instanceof Map ? toValue(value) : value]));
}

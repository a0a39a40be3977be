/** A request as a program in Python with nothing but its standard library. */
import { keyVariable, Made, type SampleRequest, type SampleValue } from '@/app/docs/_samples/made';

function expressionOf(made: Made): string {
  switch (made.kind) {
    case 'variable':
      return `os.environ["${made.name}"]`;
    case 'uuid':
      return 'str(uuid.uuid4())';
    case 'day':
      return 'datetime.now(timezone.utc).date().isoformat()';
    case 'instant':
      return 'datetime.now(timezone.utc).isoformat()';
    default:
      return made.kind satisfies never;
  }
}

const names = { true: 'True', false: 'False', null: 'None' } as const;

function literal(value: SampleValue, indent: string): string {
  if (value instanceof Made) return expressionOf(value);
  if (Array.isArray(value))
    return enclosed(
      '[',
      value.map(item => literal(item, `${indent}    `)),
      ']',
      indent,
    );
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, part]) => `"${name}": ${literal(part, `${indent}    `)}`);
    return enclosed('{', fields, '}', indent);
  }
  return typeof value === 'boolean' || value === null ? names[`${value}`] : JSON.stringify(value);
}

function enclosed(open: string, parts: string[], close: string, indent: string): string {
  if (parts.length === 0) return open + close;
  const short = `${open}${parts.join(', ')}${close}`;
  if (short.length + indent.length <= 72 && !short.includes('\n')) return short;
  return `${open}\n${parts.map(part => `${indent}    ${part},\n`).join('')}${indent}${close}`;
}

/** Texts and made values after one another as one expression. */
function joined(parts: readonly (string | Made)[]): string {
  const [first, ...others] = parts;
  if (others.length === 0) return first instanceof Made ? expressionOf(first) : JSON.stringify(first ?? '');
  const inner = parts.map(part => (part instanceof Made ? `{${expressionOf(part).replaceAll('"', "'")}}` : part));
  return `f"${inner.join('')}"`;
}

function authorization(auth: SampleRequest['auth']): string[] {
  if (auth === 'none') return [];
  const key = `os.environ['${keyVariable[auth]}']`;
  if (auth === 'write_key') return [`"Authorization": "Basic " + b64encode(f"{${key}}:".encode()).decode()`];
  return [`"Authorization": f"Bearer {${key}}"`];
}

function importsFor(code: string): string {
  const plain = ['json', 'os', 'urllib.request', 'uuid'].filter(name => code.includes(`${name}.`));
  const others = [
    ...(code.includes('b64encode(') ? ['from base64 import b64encode'] : []),
    ...(code.includes('datetime.now(') ? ['from datetime import datetime, timezone'] : []),
  ];
  return [...plain.map(name => `import ${name}`), ...others].join('\n');
}

/** A program that prints the answer's body; a refusal is an exception. */
export function pythonOf({ method, address, path, auth, headers = {}, body }: SampleRequest): string {
  const [first, ...others] = path;
  const url = joined(typeof first === 'string' ? [address + first, ...others] : [address, ...path]);
  const fields = [
    ...authorization(auth),
    ...Object.entries(headers).map(([name, value]) => `"${name}": ${joined([value])}`),
    ...(body === undefined ? [] : ['"Content-Type": "application/json"']),
  ];
  const parts = [
    url,
    ...(method === (body === undefined ? 'GET' : 'POST') ? [] : [`method="${method}"`]),
    ...(fields.length === 0 ? [] : [`headers={\n${fields.map(field => `        ${field},\n`).join('')}    }`]),
    ...(body === undefined ? [] : [`data=json.dumps(${literal(body, '    ')}).encode()`]),
  ];
  const code = [
    `request = urllib.request.Request(\n${parts.map(part => `    ${part},\n`).join('')})`,
    'with urllib.request.urlopen(request) as response:',
    '    print(response.read().decode())',
  ].join('\n');
  return `${importsFor(code)}\n\n${code}`;
}

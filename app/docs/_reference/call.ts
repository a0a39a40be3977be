/** Turns an OpenAPI document into the calls of a page; what the page says is what the server parses. */
import { type Document, resolve, type Schema } from '@/app/docs/_reference/schema';
import type { Sample } from '@/app/docs/_samples/languages';

export type Field = { name: string; type: string; required: boolean; text: string };
export type Outcome = {
  status: string;
  text: string;
  fields: Field[];
  /** The call of the same page whose answer has these fields too, and shows them. */
  sameAs?: { id: string; title: string };
};
export type Call = {
  /** The operation's id. */
  id: string;
  /** What it is about, as the document tags it. */
  subject: string;
  method: string;
  path: string;
  summary: string;
  paragraphs: string[];
  parameters: Field[];
  body: Field[];
  successes: Outcome[];
  /** Codes of refusals with their status, in the order of statuses. */
  refusals: { status: string; codes: string[] }[];
  sample: Sample | null;
};

/** `string or null`, `integer`, `list of object`. */
function typeText(document: Document, given: Schema): string {
  const schema = resolve(document, given);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(part => typeText(document, part)))].join(' or ');
  if (schema.items) return `list of ${typeText(document, schema.items)}`;
  const types = [schema.type ?? 'any'].flat();
  return types.map(type => (type === 'string' && schema.format ? schema.format : type)).join(' or ');
}

function limitsText(schema: Schema): string[] {
  const bound = (low: number | undefined, high: number | undefined, unit: string) => {
    const known = [low, high].filter(value => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER);
    return known.length === 2 ? [`${low} to ${high}${unit}.`] : [];
  };
  return [
    ...(schema.enum ? [`One of ${schema.enum.map(String).join(', ')}.`] : []),
    ...bound(schema.minimum, schema.maximum, ''),
    ...bound(schema.minLength, schema.maxLength, ' characters'),
    ...(schema.default === undefined ? [] : [`Default ${JSON.stringify(schema.default)}.`]),
  ];
}

/** The object inside a nullable or a list, if any. */
function inner(document: Document, schema: Schema): { object: Schema; suffix: string } | null {
  if (schema.items) {
    const found = inner(document, resolve(document, schema.items));
    return found && { object: found.object, suffix: `[]${found.suffix}` };
  }
  for (const part of [schema, ...(schema.anyOf ?? [])].map(item => resolve(document, item))) {
    if (part.properties) return { object: part, suffix: '' };
  }
  return null;
}

function fieldsOf(document: Document, given: Schema | undefined, prefix = ''): Field[] {
  const found = given && inner(document, resolve(document, given));
  if (!found) return [];
  const base = prefix ? `${prefix}${found.suffix}.` : found.suffix ? `${found.suffix}.` : '';
  return Object.entries(found.object.properties ?? {}).flatMap(([name, raw]) => {
    const schema = resolve(document, raw);
    const text = [schema.description ?? '', ...limitsText(schema)].filter(Boolean).join(' ');
    const required = found.object.required?.includes(name) ?? false;
    const field: Field = { name: base + name, type: typeText(document, raw), required, text };
    return [field, ...fieldsOf(document, schema, base + name)];
  });
}

type Parameter = { name: string; in: string; required?: boolean; description?: string; schema?: Schema };
type Content = Record<string, { schema?: Schema }>;
export type Operation = {
  operationId: string;
  tags?: string[];
  summary: string;
  description: string;
  security?: unknown[];
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
};

type SampleMaker = (operation: Operation) => Sample | null;

function callOf(
  document: Document,
  path: string,
  method: string,
  { operation, sampleOf }: { operation: Operation; sampleOf: SampleMaker },
): Call {
  const all = Object.entries(operation.responses);
  const body = fieldsOf(document, operation.requestBody?.content['application/json']?.schema);
  return {
    id: operation.operationId,
    subject: operation.tags?.[0] ?? '',
    method: method.toUpperCase(),
    path,
    summary: operation.summary,
    paragraphs: operation.description.split('\n\n'),
    parameters: (operation.parameters ?? []).map(parameter => ({
      name: parameter.name,
      type: `${typeText(document, parameter.schema ?? {})}, in ${parameter.in}`,
      required: parameter.required ?? false,
      text: [parameter.description ?? parameter.schema?.description ?? '', ...limitsText(parameter.schema ?? {})]
        .filter(Boolean)
        .join(' '),
    })),
    body,
    successes: all
      .filter(([status]) => status.startsWith('2'))
      .map(([status, { description, content }]) => {
        const fields = fieldsOf(document, content?.['application/json']?.schema);
        return { status, text: description, fields };
      }),
    refusals: all
      .filter(([status]) => !status.startsWith('2'))
      .map(([status, { description }]) => ({ status, codes: description.replaceAll('`', '').split(', ') })),
    sample: sampleOf(operation),
  };
}

/** Every call of the document, in its order. */
export const callsOf = (document: Document, sampleOf: SampleMaker): Call[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) =>
      callOf(document, path, method, { operation, sampleOf }),
    ),
  );

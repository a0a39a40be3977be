/** A sample of one call of the data plane, made from the schema that parses it; a test runs every one. */
import { type Document, resolve, type Schema } from '@/app/docs/_reference/schema';
import type { Sample } from '@/app/docs/_samples/languages';
import { type Auth, type Made, newUuid, now, type SampleValue, today, variable } from '@/app/docs/_samples/made';
import { requestSample } from '@/app/docs/_samples/request';
import type { DocumentedRoute } from '@/lib/edge/v1/define-route';

/** Values by the field's name, where its schema does not say one. */
const values: Record<string, SampleValue> = {
  key: variable('TENANTRY_KEY'),
  step_name: 'load_costs',
  target_table: 'my-project.billing.costs',
  dq_config_id: 'costs_suite',
  expectations_passed: 12,
  expectations_failed: 0,
  pipeline_logging_id: variable('RUN_ID'),
  config_id: variable('CONFIG_ID'),
  credential_id: variable('CREDENTIAL_ID'),
  message_id: variable('MESSAGE_ID'),
  usage_date: today,
  write_key: variable('WRITE_KEY'),
};

const byFormat: Record<string, Made> = { uuid: newUuid, date: today, 'date-time': now };

/** A valid value: the fields that are asked for, ids and times made when the sample runs. */
export function sampleValue(document: Document, given: Schema, name: string): SampleValue {
  const schema = resolve(document, given);
  const [form] = schema.anyOf ?? [];
  if (form) return sampleValue(document, form, name);
  if (schema.properties) {
    const asked = schema.required ?? [];
    return Object.fromEntries(
      asked.map(field => [field, sampleValue(document, schema.properties?.[field] ?? {}, field)]),
    );
  }
  if (schema.items) return [sampleValue(document, schema.items, name)];
  if (name in values) return values[name] ?? null;
  if (schema.example !== undefined) return schema.example as SampleValue;
  if (schema.enum) return schema.enum[0] as SampleValue;
  if (schema.type === 'integer') return schema.minimum ?? 0;
  return byFormat[schema.format ?? ''] ?? `<${name}>`;
}

type Operation = { requestBody?: { content: Record<string, { schema?: Schema }> } };

const bodyOf = (document: Document, { path, method }: DocumentedRoute): Schema | undefined => {
  const item = document.paths?.[path] as Record<string, Operation> | undefined;
  return item?.[method.toLowerCase()]?.requestBody?.content['application/json']?.schema;
};

const authOf: Record<DocumentedRoute['who'], Auth> = {
  customer: 'key',
  both: 'key',
  service: 'service',
  source: 'write_key',
  public: 'none',
};

/** The path with values in the place of its parameters. */
const pathOf = (path: string): (string | Made)[] =>
  path
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 === 0 ? part : (values[part] as Made)))
    .filter(part => part !== '');

/** The sample of the call at this address. */
export function sampleOf(document: Document, route: DocumentedRoute, address: string): Sample {
  const body = bodyOf(document, route);
  return requestSample(route.operationId, route.summary, {
    method: route.method,
    address,
    path: pathOf(route.path),
    auth: authOf[route.who],
    ...(body ? { body: sampleValue(document, body, '') } : {}),
  });
}

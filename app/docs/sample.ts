/** A line for the shell that makes one call, made from the schema that parses it; a test runs every one. */
import { type Document, resolve, type Schema } from '@/app/docs/schema';
import type { DocumentedRoute } from '@/lib/edge/v1/define-route';

/** What a reader sets before the first sample; the samples use no other variable. */
export const setUp = (portalUrl: string): string =>
  [
    `export TENANTRY_URL=${portalUrl.replace(/\/+$/, '')}`,
    'export TENANTRY_KEY=ty_live_…            # of the page API keys',
    'export TENANTRY_SERVICE_KEY=ty_svc_…     # operators only, for keys/verify',
    'export WRITE_KEY=wk_…                    # of an event source, from the page Sources',
    'export RUN_ID=…                          # pipeline_logging_id, as starting a run answered it',
    'export CONFIG_ID=…                       # of a provider config, as the list of configs shows it',
    'export CREDENTIAL_ID=…                   # credential_id of a config',
    'export MESSAGE_ID=…                      # messageId of an event that was sent',
  ].join('\n');

const day = '$(date -u +%Y-%m-%d)';
const instant = '$(date -u +%Y-%m-%dT%H:%M:%SZ)';

/** Values by the field's name, where its schema does not say one. */
const values: Record<string, unknown> = {
  key: '$TENANTRY_KEY',
  step_name: 'load_costs',
  target_table: 'my-project.billing.costs',
  dq_config_id: 'costs_suite',
  expectations_passed: 12,
  expectations_failed: 0,
  pipeline_logging_id: '$RUN_ID',
  config_id: '$CONFIG_ID',
  credential_id: '$CREDENTIAL_ID',
  message_id: '$MESSAGE_ID',
  usage_date: day,
  write_key: '$WRITE_KEY',
};

const byFormat: Record<string, string> = { uuid: '$(uuidgen)', date: day, 'date-time': instant };

/** A valid value: the fields that are asked for, ids and times made by the shell. */
function sampleValue(document: Document, given: Schema, name: string): unknown {
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
  if (name in values) return values[name];
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'integer') return schema.minimum ?? 0;
  return byFormat[schema.format ?? ''] ?? `<${name}>`;
}

type Operation = { requestBody?: { content: Record<string, { schema?: Schema }> } };

const bodyOf = (document: Document, { path, method }: DocumentedRoute): Schema | undefined => {
  const item = document.paths?.[path] as Record<string, Operation> | undefined;
  return item?.[method.toLowerCase()]?.requestBody?.content['application/json']?.schema;
};

/** `curl …` with a here-document for the body, so that the shell fills in its variables. */
export function sampleOf(document: Document, route: DocumentedRoute): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  const method = route.method === 'GET' ? '' : `-X ${route.method} `;
  const lines = [`curl ${method}"$TENANTRY_URL${path}"`];
  const key = route.who === 'service' ? '$TENANTRY_SERVICE_KEY' : '$TENANTRY_KEY';
  if (route.who === 'source') lines.push('-u "$WRITE_KEY:"');
  else if (route.who !== 'public') lines.push(`-H "Authorization: Bearer ${key}"`);
  const body = bodyOf(document, route);
  if (!body) return lines.join(' \\\n  ');
  lines.push('-H "Content-Type: application/json"', '-d @- <<JSON');
  return `${lines.join(' \\\n  ')}\n${JSON.stringify(sampleValue(document, body, ''), null, 2)}\nJSON`;
}

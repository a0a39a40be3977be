/** Which names of the book a request's model goes by: spellings of providers, prefixes, days at the end of a name. Source: docs/traces.md, Which price a request has. */

/** Other spellings of a provider (OpenTelemetry's, and the kinds that LiteLLM's price map tells apart) → the book's. */
const spellings: Readonly<Record<string, string>> = {
  aws: 'bedrock',
  'aws.bedrock': 'bedrock',
  bedrock_converse: 'bedrock',
  'azure.ai.openai': 'azure',
  'az.ai.openai': 'azure',
  'azure.ai.inference': 'azure_ai',
  'az.ai.inference': 'azure_ai',
  'gcp.vertex.agent': 'vertex_ai',
  'gcp.vertex_ai': 'vertex_ai',
  vertex_ai_beta: 'vertex_ai',
  vertexai: 'vertex_ai',
  'gcp.gemini': 'gemini',
  'gcp.gen_ai': 'gemini',
  google: 'gemini',
  google_genai: 'gemini',
  mistralai: 'mistral',
  mistral_ai: 'mistral',
  x_ai: 'xai',
  cohere_chat: 'cohere',
  'text-completion-openai': 'openai',
  'ibm.watsonx.ai': 'watsonx',
};

/** Who sells a model that is named without a provider, by how its name begins. */
const makers: readonly (readonly [RegExp, string])[] = [
  [/^claude-/, 'anthropic'],
  [/^(gpt-|chatgpt-|o\d|text-embedding-)/, 'openai'],
  [/^gemini-/, 'gemini'],
  [/^(mistral|magistral|codestral|devstral|ministral)-/, 'mistral'],
  [/^deepseek-/, 'deepseek'],
  [/^grok-/, 'xai'],
  [/^command-/, 'cohere'],
];

/** `-20250514`, `-2024-08-06`, `@20250514`, `-latest`. */
const dated = /(?:[-@](?:20\d{6}|20\d{2}-\d{2}-\d{2}|latest)|@default)$/;

/** A provider as the book spells it: lower case, one word for one seller; '' stays ''. */
export function bookProvider(provider: string): string {
  const lower = provider.trim().toLowerCase();
  if (lower.startsWith('vertex_ai-')) return 'vertex_ai';
  return Object.hasOwn(spellings, lower) ? (spellings[lower] ?? lower) : lower;
}

/** The provider that a name begins with, as `anthropic/…`; '' = none. */
function prefixOf(model: string): string {
  const slash = model.indexOf('/');
  return slash > 0 ? bookProvider(model.slice(0, slash)) : '';
}

/** A model's name without the given provider in front; any other prefix stays, since it may be the maker's name at a reseller. */
export function withoutProvider(provider: string, model: string): string {
  return provider !== '' && prefixOf(model) === provider ? model.slice(model.indexOf('/') + 1) : model;
}

/** Names by which the book is asked, the most exact first; `provider` '' = nobody knows who sold it. */
export type BookNames = { provider: string; models: string[] };

/** Names of a request's model: without the provider in front, as it is, without a day at the end. */
export function bookNames(provider: string | null, model: string): BookNames {
  const plain = model.trim();
  const maker = makers.find(([pattern]) => pattern.test(plain))?.[1] ?? '';
  const seller = bookProvider(provider ?? '') || prefixOf(plain) || maker;
  const bare = withoutProvider(seller, plain);
  return { provider: seller, models: [...new Set([bare, plain, bare.replace(dated, ''), plain.replace(dated, '')])] };
}

/** Models with their provider, by the same names whoever sends them. Source: docs/spec/requirements.md, T-12. */
import { nameText } from '@/lib/domains/traces/normalize/text';
import { traceSizes } from '@/lib/domains/traces/rules';

/** Providers that OpenTelemetry's conventions name otherwise than LiteLLM, whose names price maps have. */
const sameProviders: Readonly<Record<string, string>> = {
  aws: 'bedrock',
  'aws.bedrock': 'bedrock',
  aws_bedrock: 'bedrock',
  'azure.ai.openai': 'azure',
  'az.ai.openai': 'azure',
  'azure.openai': 'azure',
  'azure.ai.inference': 'azure_ai',
  'az.ai.inference': 'azure_ai',
  'gcp.vertex_ai': 'vertex_ai',
  vertexai: 'vertex_ai',
  'gcp.gemini': 'gemini',
  'gcp.gen_ai': 'gemini',
  google: 'gemini',
  google_genai: 'gemini',
  'ibm.watsonx.ai': 'watsonx',
  mistral_ai: 'mistral',
  mistralai: 'mistral',
  x_ai: 'xai',
};

/** Provider in lower case, by LiteLLM's name; null where it is empty. */
export function providerName(sent: string): string | null {
  const name = nameText(sent)?.toLowerCase() ?? null;
  return name !== null && Object.hasOwn(sameProviders, name) ? sameProviders[name]! : name;
}

export type NamedModel = { model: string | null; provider: string | null };

/** `provider/model`, unless the model's name begins with its provider already; without a provider the name's own beginning is one. */
export function nameModel(model: string | null, provider: string | null): NamedModel {
  if (model === null) return { model, provider };
  const slash = model.indexOf('/');
  if (provider === null) return { model, provider: slash > 0 ? model.slice(0, slash) : null };
  if (slash > 0 && providerName(model.slice(0, slash)) === provider) {
    return { model: `${provider}${model.slice(slash)}`, provider };
  }
  return { model: nameText(`${provider}/${model}`.slice(0, traceSizes.nameSigns)), provider };
}

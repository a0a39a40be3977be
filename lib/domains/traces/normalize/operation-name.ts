/** What was asked of a model, by OpenTelemetry's words where it has one. */
import { nameText } from '@/lib/domains/traces/normalize/text';

const words: Readonly<Record<string, string>> = {
  completion: 'chat',
  llm: 'chat',
  acompletion: 'chat',
  anthropic_messages: 'chat',
  responses: 'chat',
  aresponses: 'chat',
  text_completion: 'text_completion',
  atext_completion: 'text_completion',
  embedding: 'embeddings',
  aembedding: 'embeddings',
  generate_content: 'generate_content',
  agenerate_content: 'generate_content',
  generate_content_stream: 'generate_content',
  agenerate_content_stream: 'generate_content',
  image_generation: 'image_generation',
  aimage_generation: 'image_generation',
  moderation: 'moderation',
  amoderation: 'moderation',
  rerank: 'rerank',
  reranker: 'rerank',
  arerank: 'rerank',
  speech: 'speech',
  aspeech: 'speech',
  transcription: 'transcription',
  atranscription: 'transcription',
};

/** The word for a call, as sent where there is none; null where it is empty. */
export function operationName(sent: string): string | null {
  const name = nameText(sent)?.toLowerCase() ?? null;
  return name !== null && Object.hasOwn(words, name) ? words[name]! : name;
}

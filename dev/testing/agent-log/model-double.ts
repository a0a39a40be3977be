/** A model that answers as OpenAI's chat completions do: first it calls two tools, then it answers, then it refuses. */
import { listen, type Serving } from '@/dev/testing/agent-log/mcp-http';

const call = (id: string, name: string, args: object) => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(args) },
});
const calls = [call('call_1', 'bq_list_tables', { dataset: 'shop' }), call('call_2', 'bq_query', { sql: 'SELECT 1' })];
const turns = [
  { message: { role: 'assistant', content: null, tool_calls: calls }, finish_reason: 'tool_calls' },
  { message: { role: 'assistant', content: 'There are two tables.' }, finish_reason: 'stop' },
];

/** Serves the model on this machine. */
export async function serveModel(): Promise<Serving> {
  let turn = 0;
  return listen(async (request, response) => {
    await request.toArray();
    const choice = turns[turn++];
    const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
    const answer = choice
      ? {
          id: `chatcmpl-${turn}`,
          object: 'chat.completion',
          created: 1,
          model: 'gpt-4o',
          choices: [{ index: 0, ...choice }],
          usage,
        }
      : { error: { message: 'The key is not valid.', type: 'invalid_request_error' } };
    response.writeHead(choice ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
}

/** Two customers: a victim with one of everything, and a stranger who must never see or change any of it. */
import { sql } from 'drizzle-orm';
import { chatEvent, insertAgentRows } from '@/dev/testing/agent-log/agent-rows';
import { secretOf, storedCredential } from '@/dev/testing/credentials/secrets';
import { insertDeskQuery } from '@/dev/testing/desk/queries';
import { insertDeadRow, insertDiscard, insertSource, insertTable } from '@/dev/testing/events/sources';
import { insertGivenUpEvent } from '@/dev/testing/lineage/events';
import { insertConfig } from '@/dev/testing/providers/configs';
import { commitRow, insertCommits, pullRow, storePulls } from '@/dev/testing/pull-requests/pull-rows';
import { invited } from '@/dev/testing/team';
import { insertImport, insertTraceDeadRow, insertTraces, requestRow } from '@/dev/testing/traces/trace-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { usersOf } from '@/lib/domains/agent-log/chain/users';
import { saveQuery } from '@/lib/domains/desk/saved/saved-queries';
import { createKey } from '@/lib/domains/keys/commands';
import { confirmIdentity } from '@/lib/domains/pull-requests/people/identities';
import { connectRepository } from '@/lib/domains/pull-requests/repositories/connect';
import { completeRun } from '@/lib/domains/runs/start/lease';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { createBudget } from '@/lib/domains/traces/budgets/budgets';
import { setModelPrice } from '@/lib/domains/traces/prices/own-prices';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

export type Victim = {
  world: World;
  keyId: string;
  keyText: string;
  credentialId: string;
  /** A repository of GitHub that is connected, and the token it is read by. */
  repositoryId: string;
  githubCredentialId: string;
  runningId: string;
  endedId: string;
  configId: string;
  sourceId: string;
  writeKey: string;
  /** A table of the source, a discard and a refused row of it. */
  eventTable: string;
  discardId: string;
  deadRowId: string;
  /** A request to an AI model that BigQuery refused. */
  traceDeadRowId: string;
  /** An event of an orchestrator that could not be applied. */
  lineageEventId: number;
  /** What it pays for an AI model. */
  priceId: string;
  /** What it means to spend on AI in a month. */
  budgetId: string;
  /** A member whose invitation is open: nobody has accepted it. */
  invitationId: string;
  /** Of its requests to AI models, and of an import that refused a line. */
  sessionId: string;
  importId: number;
  /** A pull request with a commit, and a developer that was said to be its author. */
  pullRequestId: number;
  developerId: string;
  /** A query that its owner asked, and one that it keeps by name. */
  queryId: string;
  savedQueryId: string;
  /** Words that occur in the victim's data and nowhere else. */
  marks: string[];
};

/** Makes the victim and, unless told otherwise, brings its rows to BigQuery. */
export async function createVictim({ mirrored = true } = {}): Promise<Victim> {
  const tag = randomText(10);
  const world = await createWorld({ plan: 'PROFESSIONAL', companyName: `Victim ${tag}` });
  const { result } = await createKey(world.system, {
    name: `key-${tag}`,
    scopes: ['runs:write', 'runs:read', 'desk:query'],
  });
  const credential = await storedCredential(world, { name: `credential-${tag}` });
  const github = await storedCredential(world, { name: `github-${tag}`, secret: secretOf.github_token() });
  const connected = await connectRepository(world.system, { repo: `owner-${tag}/shop`, credential_id: github.id });
  const { repository_id: repositoryId } = connected.result.repository;
  const input = {
    pipeline_id: `pipeline-${tag}`,
    trigger_type: 'api',
    trigger_by: `by-${tag}`,
    parameters: { note: `note-${tag}` },
  } as const;
  const ended = await startRun(world.system, input, {});
  await completeRun(world.system, { status: 'FAILED', error_message: `error-${tag}` }, ended.run.pipelineLoggingId);
  const running = await startRun(world.system, input, {});
  const { configId } = await insertConfig(world, { configName: `config-${tag}`, scheduleCron: '0 2 * * *' });
  const source = await insertSource(world, { sourceName: `source-${tag}` });
  const eventTable = `table_${tag.toLowerCase()}`;
  await insertTable(source, eventTable, { id: 'STRING', [`column_${tag.toLowerCase()}`]: 'INT64' });
  const discard = { tableName: eventTable, columnName: `discard_${tag}`, example: `"example-${tag}"` };
  const discardId = await insertDiscard(source, discard, 1);
  const deadRowId = await insertDeadRow(source, `no such field: ${tag}`, { tableName: eventTable });
  const lineageEventId = await insertGivenUpEvent(world, { lastError: `no such pipeline: ${tag}` });
  const traceDeadRowId = await insertTraceDeadRow(world, `no such model: ${tag}`);
  const price = await setModelPrice(world.system, { model: `model-${tag}`, input_usd: 1, output_usd: 2 });
  const budget = await createBudget(world.system, { scope: 'developer', subject: `dev-${tag}`, amount_usd: 100 });
  const invitation = await invited(world, 'VIEWER', `guest-${tag}@example.com`);
  const { queryId } = await insertDeskQuery(world, {
    sql: `SELECT '${tag}' AS mark`,
    status: 'FAILED',
    errorMessage: `no ${tag}`,
  });
  const saved = await saveQuery(world.system, { query_name: `query-${tag}`, sql: `SELECT '${tag}' AS mark` });
  const sessionId = `session-${tag}`;
  const importId = await insertImport(world, { source: `file-${tag}.jsonl`, refused: [`content-${tag}`] });
  const developerId = `dev-${tag}@example.com`;
  const repository = { customerId: world.customerId, repositoryId, repoSlug: connected.result.repository.repo };
  const pull = pullRow(repository, { createdAt: new Date(), title: `title-${tag}`, author: `author-${tag}` });
  await storePulls([pull]);
  await insertCommits([commitRow(repository, { timestamp: new Date(), title: `commit-${tag}` })], { pull });
  await confirmIdentity(world.system, { developer_id: developerId, login: `author-${tag}` });
  if (mirrored)
    await insertTraces(world, [
      requestRow({
        at: new Date(),
        session_id: sessionId,
        developer_id: developerId,
        repo_slug: repository.repoSlug,
        model: `model-${tag}`,
        cost_usd: 1,
      }),
    ]);
  await db().transaction(tx => usersOf(tx, world.customerId, [developerId]));
  if (mirrored) {
    const call = { execution_id: `execution-${tag}`, tool_name: `tool-${tag}` };
    const repo = { repo_url: `https://github.com/${repository.repoSlug}`, commit_hash: 'ab'.repeat(20) };
    const ofSession = { at: new Date(), session_id: sessionId, user_id: developerId };
    const end = { ...call, status: 'failure', error_message: `failure-${tag}` };
    await insertAgentRows(world, {
      chat_events: [
        chatEvent({ ...ofSession, content: `said-${tag}`, metadata: repo }),
        chatEvent({ ...ofSession, event_type: 'tool_end', metadata: end }),
        chatEvent({ ...ofSession, event_type: 'tool_start', metadata: { ...call, execution_id: `open-${tag}` } }),
      ],
      repo_snapshots: [
        { ...repo, indexed_at: new Date().toISOString(), file_count: 1, total_tokens: 2, vector_index_path: null },
      ],
    });
  }
  if (mirrored) await flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 20_000 });
  const { customerId, tenantDatasetId, members } = world;
  const people = Object.values(members).flatMap(member => [member.email, member.userId, member.memberId]);
  const ids = [
    customerId,
    tenantDatasetId,
    result.key.api_key_id,
    ended.run.pipelineLoggingId,
    running.run.pipelineLoggingId,
    configId,
    source.sourceId,
    source.dataset,
    source.writeKey,
    eventTable,
    discardId,
    deadRowId,
    traceDeadRowId,
    price.result.price_id,
    budget.result.budget_id,
    invitation.memberId,
    invitation.token,
    credential.id,
    github.id,
    repositoryId,
    String(pull.id),
    queryId,
    saved.result.saved_query_id,
    developerId,
  ];
  return {
    world,
    keyId: result.key.api_key_id,
    keyText: result.secret.reveal(),
    credentialId: credential.id,
    repositoryId,
    githubCredentialId: github.id,
    endedId: ended.run.pipelineLoggingId,
    runningId: running.run.pipelineLoggingId,
    configId,
    sourceId: source.sourceId,
    writeKey: source.writeKey,
    eventTable,
    discardId,
    deadRowId,
    traceDeadRowId,
    lineageEventId,
    priceId: price.result.price_id,
    budgetId: budget.result.budget_id,
    invitationId: invitation.memberId,
    sessionId,
    importId,
    pullRequestId: pull.id,
    developerId,
    queryId,
    savedQueryId: saved.result.saved_query_id,
    marks: [tag, ...ids, ...people, result.secret.reveal()],
  };
}

/** The marks of the victim that occur in an answer; empty for a safe one. */
export const leaks = (victim: Victim, answer: unknown): string[] => {
  const text = typeof answer === 'string' ? answer : (JSON.stringify(answer) ?? '');
  return victim.marks.filter(mark => text.includes(mark));
};

/** All rows of the victim that a stranger could change, as one text to compare. */
export async function stateOf(victim: Victim): Promise<string> {
  const id = victim.world.customerId;
  const { rows } = await db().execute(sql`
    SELECT (SELECT json_agg(k ORDER BY api_key_id) FROM api_keys k WHERE customer_id = ${id}) AS keys,
      (SELECT json_agg(c ORDER BY credential_id) FROM cloud_credentials c WHERE customer_id = ${id}) AS credentials,
      (SELECT json_agg(r ORDER BY repository_id) FROM repositories r WHERE customer_id = ${id}) AS repositories,
      (SELECT json_agg(m ORDER BY member_id) FROM team_members m WHERE customer_id = ${id}) AS members,
      (SELECT json_agg(c) FROM customers c WHERE customer_id = ${id}) AS customer,
      (SELECT json_agg(r ORDER BY pipeline_logging_id) FROM runs r WHERE customer_id = ${id}) AS runs,
      (SELECT json_agg(p ORDER BY config_id) FROM provider_configs p WHERE customer_id = ${id}) AS configs,
      (SELECT json_agg(b ORDER BY budget_id) FROM ai_budgets b WHERE customer_id = ${id}) AS budgets,
      (SELECT json_agg(s ORDER BY source_id) FROM event_sources s WHERE customer_id = ${id}) AS sources,
      (SELECT json_agg(k ORDER BY write_key) FROM event_write_keys k JOIN event_sources s USING (source_id)
        WHERE customer_id = ${id}) AS write_keys,
      (SELECT json_agg(d ORDER BY discard_id) FROM ingest_discards d JOIN event_sources s USING (dataset)
        WHERE customer_id = ${id}) AS discards,
      (SELECT json_agg(r ORDER BY dead_row_id) FROM ingest_dead_rows r JOIN event_sources s USING (dataset)
        WHERE customer_id = ${id}) AS dead_rows,
      (SELECT json_agg(r ORDER BY dead_row_id) FROM ingest_dead_rows r JOIN customers c ON c.tenant_dataset_id = r.dataset
        WHERE c.customer_id = ${id}) AS trace_dead_rows,
      (SELECT json_agg(i ORDER BY developer_id) FROM developer_identities i WHERE customer_id = ${id}) AS identities,
      (SELECT json_agg(e ORDER BY erasure_id) FROM agent_log_erasures e WHERE customer_id = ${id}) AS agent_erasures,
      (SELECT json_agg(q ORDER BY query_id) FROM desk_queries q WHERE customer_id = ${id}) AS desk_queries,
      (SELECT json_agg(q ORDER BY saved_query_id) FROM desk_saved_queries q WHERE customer_id = ${id}) AS saved_queries,
      (SELECT json_agg(s) FROM desk_settings s WHERE customer_id = ${id}) AS desk_settings,
      (SELECT json_agg(c ORDER BY api_key_id) FROM desk_key_caps c WHERE customer_id = ${id}) AS desk_key_caps,
      (SELECT json_agg(p ORDER BY id) FROM pull_requests p WHERE customer_id = ${id}) AS pull_requests,
      (SELECT count(*) FROM audit_log WHERE customer_id = ${id}) AS audit`);
  return JSON.stringify(rows);
}

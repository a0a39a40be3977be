/** The statements that take a user's content out of BigQuery. */
import { keptKeys } from '@/lib/domains/agent-log/erasure/erased-form';
import { agentTable } from '@/lib/warehouse/agent-dataset';

/** A kept key and its value as they stand in JSON; NULL where the event has none. */
const member = (key: string): string => {
  const value = `JSON_QUERY(metadata, '$.${key}')`;
  return `IF(${value} IS NULL, NULL, CONCAT('"${key}":', TO_JSON_STRING(${value})))`;
};

const keptMetadata = `IF(metadata IS NULL, NULL, PARSE_JSON(CONCAT('{', COALESCE(ARRAY_TO_STRING([${keptKeys
  .map(member)
  .join(', ')}], ','), ''), '}'), wide_number_mode=>'round'))`;

/** Events that the chain knows as this user's; later ones of the same id are somebody else's there. */
const ofUser = (tenantDatasetId: string) =>
  `event_id IN (SELECT event_id FROM ${agentTable(tenantDatasetId, 'chat_event_chain')} WHERE kind = 'event' AND user_ref = @user_ref)`;

/** Leaves of the user's events what tools took and cost, under our name for them. Parameters @user_id, @user_ref; repeated it changes nothing. */
export const eraseSql = (tenantDatasetId: string): string =>
  `UPDATE ${agentTable(tenantDatasetId, 'chat_events')}
SET user_id = @user_ref, content = NULL, client_info = NULL, metadata = ${keptMetadata}
WHERE user_id = @user_id AND ${ofUser(tenantDatasetId)}`;

/** How many events were erased. Parameter @user_ref. */
export const countErasedSql = (tenantDatasetId: string): string =>
  `SELECT COUNT(*) AS event_count FROM ${agentTable(tenantDatasetId, 'chat_events')} WHERE user_id = @user_ref`;

/** Which of the events @ids are this user's in the chain. Parameter @user_ref. */
export const ownEventsSql = (tenantDatasetId: string): string =>
  `SELECT event_id FROM ${agentTable(tenantDatasetId, 'chat_event_chain')} WHERE event_id IN UNNEST(@ids) AND user_ref = @user_ref`;

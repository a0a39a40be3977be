-- What did this user do, newest first, in these days?
SELECT
  event.id,
  event.event_text,
  event.user_id,
  event.anonymous_id,
  event.happened_at,
  event.received_at
FROM (
  SELECT
    id,
    event_text,
    user_id,
    anonymous_id,
    `timestamp` AS happened_at,
    received_at,
    ROW_NUMBER() OVER (PARTITION BY id ORDER BY loaded_at DESC) AS copy
  FROM source.tracks
  WHERE received_at >= @from_time
    AND received_at < @until_time
    AND (user_id = @person OR anonymous_id = @person)
) AS event
WHERE event.copy = 1
ORDER BY event.received_at DESC, event.id DESC
LIMIT @row_limit

-- How many requests to AI models are stored of UTC days before this one, and of which days?
-- They are what a retention of so many days removes.
SELECT
  COUNT(*) AS requests,
  MIN(request.event_date) AS first_day,
  MAX(request.event_date) AS last_day
FROM tenant.sessions AS request
WHERE request.event_date < @before_day
LIMIT 1

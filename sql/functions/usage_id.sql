-- The id of a customer's day in usage_days.
CREATE OR REPLACE FUNCTION usage_id(p_customer_id text, p_day date) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN p_customer_id || '_' || to_char(p_day::timestamp, 'YYYYMMDD');

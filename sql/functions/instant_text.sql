-- A partition value as the mirror writes it: 2026-11-21T03:14:54.123Z.
CREATE OR REPLACE FUNCTION instant_text(p_at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

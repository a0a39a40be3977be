-- The instant of a decision, in milliseconds. Only tests may name one: product code never sets tenantry.test_clock.
CREATE OR REPLACE FUNCTION quota_now(p_now timestamptz) RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF p_now IS NULL THEN RETURN date_trunc('milliseconds', clock_timestamp()); END IF;
  IF current_setting('tenantry.test_clock', true) IS DISTINCT FROM 'on' THEN
    RAISE EXCEPTION 'only tests may name the instant' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN date_trunc('milliseconds', p_now);
END $$;

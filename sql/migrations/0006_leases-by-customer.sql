DROP INDEX "runs_leases";--> statement-breakpoint
CREATE INDEX "runs_leases" ON "runs" USING btree ("customer_id","lease_expires_at") WHERE status = 'RUNNING';
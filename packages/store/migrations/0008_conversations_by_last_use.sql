DROP INDEX "conversations_by_endpoint";--> statement-breakpoint
CREATE INDEX "conversations_by_last_use" ON "conversations" USING btree ("endpoint_id","updated_at","id");
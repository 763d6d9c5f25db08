ALTER TABLE "artifacts" ADD COLUMN "hashes" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "builds" ADD COLUMN "hashes" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
UPDATE "artifacts" SET "hashes" = ARRAY(SELECT DISTINCT hash[1] FROM regexp_matches("outputs"::text, '(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])', 'g') AS hash);--> statement-breakpoint
UPDATE "builds" SET "hashes" = ARRAY(SELECT DISTINCT hash[1] FROM regexp_matches("nodes"::text, '(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])', 'g') AS hash);--> statement-breakpoint
CREATE INDEX "artifacts_by_hash" ON "artifacts" USING gin ("hashes");--> statement-breakpoint
CREATE INDEX "builds_by_hash" ON "builds" USING gin ("hashes");--> statement-breakpoint
-- Whoever holds a claim during the migration has lost it, and waits for the next to answer.
ALTER TABLE "idempotency_keys" ADD COLUMN "claim" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ALTER COLUMN "claim" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD COLUMN "run_id" uuid;--> statement-breakpoint
UPDATE "idempotency_keys" SET "run_id" = ("response" ->> 'run')::uuid WHERE "response" ->> 'run' IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idempotency_keys_by_run" ON "idempotency_keys" USING btree ("run_id");

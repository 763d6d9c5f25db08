CREATE TABLE "forgettings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"target" jsonb NOT NULL,
	"swept_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "artifacts" ADD COLUMN "used_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "index_lineages" ADD COLUMN "revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "index_lineages" ADD COLUMN "used_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "subject" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "redacted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "forgettings" ADD CONSTRAINT "forgettings_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "builds_by_artifact" ON "builds" USING gin ("fingerprints");--> statement-breakpoint
CREATE INDEX "embedding_cache_by_vector" ON "embedding_cache" USING hash ("vector");--> statement-breakpoint
CREATE INDEX "runs_by_endpoint" ON "runs" USING btree ("endpoint_id","id") WHERE endpoint_id is not null;--> statement-breakpoint
CREATE INDEX "runs_by_subject" ON "runs" USING btree ("workspace_id","subject","id") WHERE subject is not null;--> statement-breakpoint
CREATE INDEX "runs_of_builds" ON "runs" USING btree ("workspace_id","id") WHERE kind = 'build';
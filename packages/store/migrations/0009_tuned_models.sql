CREATE TABLE "tuned_models" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"name" text,
	"origin" text NOT NULL,
	"digest" text NOT NULL,
	"adapter" jsonb NOT NULL,
	"base" jsonb NOT NULL,
	"hashes" text[] NOT NULL,
	"card" jsonb NOT NULL,
	"run_id" uuid,
	"node" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tuned_models_by_digest" UNIQUE("workspace_id","digest")
);
--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "stopped_nodes" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "tuned_models" ADD CONSTRAINT "tuned_models_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "tuned_models_by_name" ON "tuned_models" USING btree ("workspace_id","name") WHERE name is not null;--> statement-breakpoint
CREATE INDEX "tuned_models_by_hash" ON "tuned_models" USING gin ("hashes");
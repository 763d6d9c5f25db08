CREATE TABLE "conversation_turns" (
	"workspace_id" text NOT NULL,
	"conversation_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"messages" jsonb NOT NULL,
	"run_id" uuid NOT NULL,
	"subject" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversation_turns_conversation_id_number_pk" PRIMARY KEY("conversation_id","number")
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"name" text NOT NULL,
	"flow_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"output" text NOT NULL,
	"turns" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversations_by_name" UNIQUE("workspace_id","endpoint_id","name")
);
--> statement-breakpoint
CREATE TABLE "forgettings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"target" jsonb NOT NULL,
	"swept_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_feedback" (
	"workspace_id" text NOT NULL,
	"run_id" uuid NOT NULL,
	"caller" text NOT NULL,
	"score" double precision NOT NULL,
	"comment" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "run_feedback_run_id_caller_pk" PRIMARY KEY("run_id","caller")
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"flow_id" uuid NOT NULL,
	"version" integer,
	"cron" text NOT NULL,
	"time_zone" text NOT NULL,
	"next_at" timestamp (3) with time zone,
	"last_at" timestamp (3) with time zone,
	"last_run_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "artifacts" ADD COLUMN "used_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "index_lineages" ADD COLUMN "revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "index_lineages" ADD COLUMN "used_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "subject" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "conversation" text;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "redacted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "conversation_turns" ADD CONSTRAINT "conversation_turns_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_endpoint_id_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."endpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forgettings" ADD CONSTRAINT "forgettings_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_feedback" ADD CONSTRAINT "run_feedback_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_flow_id_flows_id_fk" FOREIGN KEY ("flow_id") REFERENCES "public"."flows"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversation_turns_by_subject" ON "conversation_turns" USING btree ("workspace_id","subject");--> statement-breakpoint
CREATE INDEX "conversation_turns_by_run" ON "conversation_turns" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "conversations_by_endpoint" ON "conversations" USING btree ("endpoint_id","id");--> statement-breakpoint
CREATE INDEX "schedules_by_workspace" ON "schedules" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "schedules_by_next" ON "schedules" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "builds_by_artifact" ON "builds" USING gin ("fingerprints");--> statement-breakpoint
CREATE INDEX "embedding_cache_by_vector" ON "embedding_cache" USING hash ("vector");--> statement-breakpoint
CREATE INDEX "index_documents_by_lineage" ON "index_documents" USING btree ("lineage_id","id");--> statement-breakpoint
CREATE INDEX "runs_by_subject" ON "runs" USING btree ("workspace_id","subject","id") WHERE "runs"."subject" is not null;--> statement-breakpoint
CREATE INDEX "runs_by_endpoint" ON "runs" USING btree ("endpoint_id","id") WHERE endpoint_id is not null;--> statement-breakpoint
CREATE INDEX "runs_of_builds" ON "runs" USING btree ("workspace_id","id") WHERE kind = 'build';
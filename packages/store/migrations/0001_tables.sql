CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"endpoints" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"workspace_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"lineage" text NOT NULL,
	"node_type" text NOT NULL,
	"outputs" jsonb NOT NULL,
	"contents" jsonb NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"redacted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "artifacts_workspace_id_fingerprint_pk" PRIMARY KEY("workspace_id","fingerprint")
);
--> statement-breakpoint
CREATE TABLE "builds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"flow_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"version" integer NOT NULL,
	"run_id" uuid,
	"state" text DEFAULT 'complete' NOT NULL,
	"nodes" jsonb NOT NULL,
	"fingerprints" text[] DEFAULT '{}' NOT NULL,
	"models" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "builds_by_number" UNIQUE("flow_id","number")
);
--> statement-breakpoint
CREATE TABLE "collection_files" (
	"workspace_id" text NOT NULL,
	"collection_id" uuid NOT NULL,
	"name" text NOT NULL,
	"sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"media_type" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "collection_files_collection_id_name_pk" PRIMARY KEY("collection_id","name")
);
--> statement-breakpoint
CREATE TABLE "collections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "collections_by_name" UNIQUE("workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "embedding_cache" (
	"workspace_id" text NOT NULL,
	"model" text NOT NULL,
	"prefix" text NOT NULL,
	"text_hash" "bytea" NOT NULL,
	"vector" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "embedding_cache_workspace_id_model_prefix_text_hash_pk" PRIMARY KEY("workspace_id","model","prefix","text_hash")
);
--> statement-breakpoint
CREATE TABLE "endpoints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"slug" text NOT NULL,
	"follow" boolean DEFAULT false NOT NULL,
	"routes" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "endpoints_by_slug" UNIQUE("workspace_id","slug")
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"media_type" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "flow_versions" (
	"workspace_id" text NOT NULL,
	"flow_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"document" jsonb NOT NULL,
	"document_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "flow_versions_flow_id_number_pk" PRIMARY KEY("flow_id","number"),
	CONSTRAINT "flow_versions_by_document" UNIQUE("flow_id","document_hash")
);
--> statement-breakpoint
CREATE TABLE "flows" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"document" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"workspace_id" text NOT NULL,
	"caller" text NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"response" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_workspace_id_caller_route_key_pk" PRIMARY KEY("workspace_id","caller","route","key")
);
--> statement-breakpoint
CREATE TABLE "index_chunks" (
	"workspace_id" text NOT NULL,
	"lineage_id" integer NOT NULL,
	"chunk_id" bigint NOT NULL,
	"document" bigint NOT NULL,
	"ordinal" integer NOT NULL,
	"text" text NOT NULL,
	"start_offset" integer NOT NULL,
	"end_offset" integer NOT NULL,
	"headings" jsonb NOT NULL,
	"page" integer,
	"tokens" integer NOT NULL,
	"added_generation" integer NOT NULL,
	"removed_generation" integer,
	CONSTRAINT "index_chunks_lineage_id_chunk_id_pk" PRIMARY KEY("lineage_id","chunk_id")
);
--> statement-breakpoint
CREATE TABLE "index_documents" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"lineage_id" integer NOT NULL,
	"document_id" text NOT NULL,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"content_hash" text NOT NULL,
	"metadata" jsonb NOT NULL,
	"chunks" integer NOT NULL,
	"terms" integer DEFAULT 0 NOT NULL,
	"added_generation" integer NOT NULL,
	"removed_generation" integer,
	"leaving" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "index_failures" (
	"workspace_id" text NOT NULL,
	"lineage_id" integer NOT NULL,
	"generation" integer NOT NULL,
	"document_id" text NOT NULL,
	"name" text NOT NULL,
	"error" jsonb NOT NULL,
	CONSTRAINT "index_failures_lineage_id_generation_document_id_pk" PRIMARY KEY("lineage_id","generation","document_id")
);
--> statement-breakpoint
CREATE TABLE "index_generations" (
	"workspace_id" text NOT NULL,
	"lineage_id" integer NOT NULL,
	"number" integer NOT NULL,
	"state" text NOT NULL,
	"owner" text NOT NULL,
	"whole" boolean DEFAULT false NOT NULL,
	"documents" bigint DEFAULT 0 NOT NULL,
	"chunks" bigint DEFAULT 0 NOT NULL,
	"terms" bigint DEFAULT 0 NOT NULL,
	"chunk_bound" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "index_generations_lineage_id_number_pk" PRIMARY KEY("lineage_id","number")
);
--> statement-breakpoint
CREATE TABLE "index_lineages" (
	"id" serial PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"lineage" text NOT NULL,
	"embedding_model" jsonb NOT NULL,
	"tokeniser" integer NOT NULL,
	"next_chunk" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "index_lineages_by_name" UNIQUE("workspace_id","lineage")
);
--> statement-breakpoint
CREATE TABLE "index_vectors" (
	"workspace_id" text NOT NULL,
	"lineage_id" integer NOT NULL,
	"chunk_id" bigint NOT NULL,
	"added_generation" integer NOT NULL,
	"removed_generation" integer,
	"embedding" vector NOT NULL,
	CONSTRAINT "index_vectors_lineage_id_chunk_id_pk" PRIMARY KEY("lineage_id","chunk_id")
);
--> statement-breakpoint
CREATE TABLE "lexical_postings" (
	"workspace_id" text NOT NULL,
	"segment_id" bigint NOT NULL,
	"term" text NOT NULL,
	"chunks" integer NOT NULL,
	"packed" "bytea" NOT NULL,
	CONSTRAINT "lexical_postings_segment_id_term_pk" PRIMARY KEY("segment_id","term")
);
--> statement-breakpoint
CREATE TABLE "lexical_segments" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"lineage_id" integer NOT NULL,
	"state" text NOT NULL,
	"first_chunk" bigint NOT NULL,
	"chunks" integer NOT NULL,
	"lengths" "bytea" NOT NULL,
	"retired_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "model_hosts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"address" text,
	"secret" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "model_hosts_by_name" UNIQUE("workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "run_events" (
	"workspace_id" text NOT NULL,
	"run_id" uuid NOT NULL,
	"sequence" bigint NOT NULL,
	"event" jsonb NOT NULL,
	CONSTRAINT "run_events_run_id_sequence_pk" PRIMARY KEY("run_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"kind" text NOT NULL,
	"flow_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"build" integer,
	"request" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"inputs" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"outputs" jsonb,
	"state" text DEFAULT 'queued' NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"error" jsonb,
	"usage" jsonb,
	"endpoint_id" uuid,
	"arm" text,
	"api_key_id" uuid,
	"idempotency_key" text,
	"cancel_requested_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "secrets" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "secrets_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"hash" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "settings_workspace_id_name_pk" PRIMARY KEY("workspace_id","name")
);
--> statement-breakpoint
CREATE TABLE "source_identities" (
	"workspace_id" text NOT NULL,
	"source" text NOT NULL,
	"document_id" text NOT NULL,
	"identity" text NOT NULL,
	"content_hash" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "source_identities_workspace_id_source_document_id_pk" PRIMARY KEY("workspace_id","source","document_id")
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "builds" ADD CONSTRAINT "builds_flow_id_flows_id_fk" FOREIGN KEY ("flow_id") REFERENCES "public"."flows"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "collection_files" ADD CONSTRAINT "collection_files_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "collection_files" ADD CONSTRAINT "collection_files_collection_id_collections_id_fk" FOREIGN KEY ("collection_id") REFERENCES "public"."collections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "collections" ADD CONSTRAINT "collections_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "embedding_cache" ADD CONSTRAINT "embedding_cache_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "endpoints" ADD CONSTRAINT "endpoints_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flow_versions" ADD CONSTRAINT "flow_versions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flow_versions" ADD CONSTRAINT "flow_versions_flow_id_flows_id_fk" FOREIGN KEY ("flow_id") REFERENCES "public"."flows"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "flows" ADD CONSTRAINT "flows_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "index_chunks" ADD CONSTRAINT "index_chunks_lineage_id_index_lineages_id_fk" FOREIGN KEY ("lineage_id") REFERENCES "public"."index_lineages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "index_chunks" ADD CONSTRAINT "index_chunks_document_index_documents_id_fk" FOREIGN KEY ("document") REFERENCES "public"."index_documents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "index_documents" ADD CONSTRAINT "index_documents_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "index_documents" ADD CONSTRAINT "index_documents_lineage_id_index_lineages_id_fk" FOREIGN KEY ("lineage_id") REFERENCES "public"."index_lineages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "index_failures" ADD CONSTRAINT "index_failures_lineage_id_index_lineages_id_fk" FOREIGN KEY ("lineage_id") REFERENCES "public"."index_lineages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "index_generations" ADD CONSTRAINT "index_generations_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "index_generations" ADD CONSTRAINT "index_generations_lineage_id_index_lineages_id_fk" FOREIGN KEY ("lineage_id") REFERENCES "public"."index_lineages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "index_lineages" ADD CONSTRAINT "index_lineages_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "index_vectors" ADD CONSTRAINT "index_vectors_lineage_id_index_lineages_id_fk" FOREIGN KEY ("lineage_id") REFERENCES "public"."index_lineages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lexical_postings" ADD CONSTRAINT "lexical_postings_segment_id_lexical_segments_id_fk" FOREIGN KEY ("segment_id") REFERENCES "public"."lexical_segments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lexical_segments" ADD CONSTRAINT "lexical_segments_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lexical_segments" ADD CONSTRAINT "lexical_segments_lineage_id_index_lineages_id_fk" FOREIGN KEY ("lineage_id") REFERENCES "public"."index_lineages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "model_hosts" ADD CONSTRAINT "model_hosts_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_events" ADD CONSTRAINT "run_events_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_flow_id_flows_id_fk" FOREIGN KEY ("flow_id") REFERENCES "public"."flows"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "secrets" ADD CONSTRAINT "secrets_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settings" ADD CONSTRAINT "settings_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "source_identities" ADD CONSTRAINT "source_identities_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_by_workspace" ON "api_keys" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "artifacts_by_lineage" ON "artifacts" USING btree ("workspace_id","lineage","created_at");--> statement-breakpoint
CREATE INDEX "builds_by_version" ON "builds" USING btree ("flow_id","version","number");--> statement-breakpoint
CREATE INDEX "collection_files_by_content" ON "collection_files" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "endpoints_by_route" ON "endpoints" USING gin ("routes" jsonb_path_ops);--> statement-breakpoint
CREATE INDEX "files_by_workspace" ON "files" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "files_by_content" ON "files" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "flows_by_change" ON "flows" USING btree ("workspace_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_by_age" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "index_chunks_by_document" ON "index_chunks" USING btree ("document");--> statement-breakpoint
CREATE INDEX "index_chunks_removed" ON "index_chunks" USING btree ("lineage_id","removed_generation") WHERE removed_generation is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "index_documents_current" ON "index_documents" USING btree ("lineage_id","document_id") WHERE removed_generation is null;--> statement-breakpoint
CREATE UNIQUE INDEX "index_generations_open" ON "index_generations" USING btree ("lineage_id") WHERE state = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "lexical_segments_live" ON "lexical_segments" USING btree ("lineage_id","first_chunk") WHERE state = 'live';--> statement-breakpoint
CREATE INDEX "lexical_segments_other" ON "lexical_segments" USING btree ("lineage_id") WHERE state <> 'live';--> statement-breakpoint
CREATE INDEX "runs_by_workspace" ON "runs" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "runs_by_flow" ON "runs" USING btree ("flow_id","id");--> statement-breakpoint
CREATE INDEX "runs_by_state" ON "runs" USING btree ("workspace_id","state","id");--> statement-breakpoint
CREATE INDEX "runs_by_key" ON "runs" USING btree ("api_key_id","id");--> statement-breakpoint
CREATE INDEX "sessions_by_expiry" ON "sessions" USING btree ("expires_at");
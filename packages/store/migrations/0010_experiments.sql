CREATE TABLE "experiment_answers" (
	"workspace_id" text NOT NULL,
	"experiment_id" uuid NOT NULL,
	"arm" text NOT NULL,
	"row" integer NOT NULL,
	"repetition" integer NOT NULL,
	"state" text NOT NULL,
	"text" text,
	"citations" jsonb NOT NULL,
	"passages" jsonb,
	"usage" jsonb,
	"error" jsonb,
	"scores" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"first_token_milliseconds" double precision,
	"total_milliseconds" double precision NOT NULL,
	"redacted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "experiment_answers_experiment_id_arm_row_repetition_pk" PRIMARY KEY("experiment_id","arm","row","repetition")
);
--> statement-breakpoint
CREATE TABLE "experiment_judgements" (
	"workspace_id" text NOT NULL,
	"experiment_id" uuid NOT NULL,
	"row" integer NOT NULL,
	"first" text NOT NULL,
	"second" text NOT NULL,
	"verdict" text,
	"swapped_verdict" text,
	"reasons" jsonb NOT NULL,
	"error" jsonb,
	CONSTRAINT "experiment_judgements_experiment_id_row_first_second_pk" PRIMARY KEY("experiment_id","row","first","second")
);
--> statement-breakpoint
CREATE TABLE "experiment_labels" (
	"workspace_id" text NOT NULL,
	"experiment_id" uuid NOT NULL,
	"row" integer NOT NULL,
	"first" text NOT NULL,
	"second" text NOT NULL,
	"caller" text NOT NULL,
	"verdict" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "experiment_labels_experiment_id_row_first_second_caller_pk" PRIMARY KEY("experiment_id","row","first","second","caller")
);
--> statement-breakpoint
CREATE TABLE "experiments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"run_id" uuid NOT NULL,
	"question_set_id" uuid NOT NULL,
	"name" text NOT NULL,
	"seed" integer NOT NULL,
	"repetitions" integer NOT NULL,
	"planned" integer NOT NULL,
	"flows" text[] NOT NULL,
	"settings" jsonb NOT NULL,
	"arms" jsonb NOT NULL,
	"findings" jsonb NOT NULL,
	"form" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "experiments_run_id_unique" UNIQUE("run_id")
);
--> statement-breakpoint
CREATE TABLE "question_sets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"sha256" text NOT NULL,
	"source" text NOT NULL,
	"counts" jsonb NOT NULL,
	"findings" jsonb NOT NULL,
	"redacted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "questions" (
	"workspace_id" text NOT NULL,
	"question_set_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"content" jsonb NOT NULL,
	"source_hash" text,
	"subject" text,
	"redacted_at" timestamp (3) with time zone,
	CONSTRAINT "questions_question_set_id_number_pk" PRIMARY KEY("question_set_id","number")
);
--> statement-breakpoint
ALTER TABLE "experiment_answers" ADD CONSTRAINT "experiment_answers_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experiment_judgements" ADD CONSTRAINT "experiment_judgements_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experiment_labels" ADD CONSTRAINT "experiment_labels_experiment_id_experiments_id_fk" FOREIGN KEY ("experiment_id") REFERENCES "public"."experiments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experiments" ADD CONSTRAINT "experiments_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experiments" ADD CONSTRAINT "experiments_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experiments" ADD CONSTRAINT "experiments_question_set_id_question_sets_id_fk" FOREIGN KEY ("question_set_id") REFERENCES "public"."question_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "question_sets" ADD CONSTRAINT "question_sets_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_question_set_id_question_sets_id_fk" FOREIGN KEY ("question_set_id") REFERENCES "public"."question_sets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "experiments_by_workspace" ON "experiments" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "experiments_by_question_set" ON "experiments" USING btree ("question_set_id");--> statement-breakpoint
CREATE INDEX "experiments_by_flow" ON "experiments" USING gin ("flows");--> statement-breakpoint
CREATE INDEX "question_sets_by_workspace" ON "question_sets" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "questions_by_source" ON "questions" USING btree ("workspace_id","source_hash");--> statement-breakpoint
CREATE INDEX "questions_by_subject" ON "questions" USING btree ("workspace_id","subject");
-- Packed bytes do not compress: storing them as they are saves the attempt.
ALTER TABLE "lexical_postings" ALTER COLUMN "packed" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "lexical_segments" ALTER COLUMN "lengths" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "embedding_cache" ALTER COLUMN "vector" SET STORAGE EXTERNAL;--> statement-breakpoint
INSERT INTO "workspaces" ("id", "name") VALUES ('default', 'Kumiki');

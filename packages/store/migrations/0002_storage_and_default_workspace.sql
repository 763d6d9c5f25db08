-- Packed bytes do not compress: storing them as they are saves the attempt.
ALTER TABLE "lexical_postings" ALTER COLUMN "packed" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "lexical_segments" ALTER COLUMN "lengths" SET STORAGE EXTERNAL;--> statement-breakpoint
ALTER TABLE "embedding_cache" ALTER COLUMN "vector" SET STORAGE EXTERNAL;--> statement-breakpoint
-- Terms are looked up and walked through, never shown in a language's order: bytes compare fastest.
ALTER TABLE "lexical_postings" ALTER COLUMN "term" TYPE text COLLATE "C";--> statement-breakpoint
INSERT INTO "workspaces" ("id", "name") VALUES ('default', 'Kumiki');

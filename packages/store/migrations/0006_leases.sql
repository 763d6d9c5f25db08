CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" text,
	"token" bigint NOT NULL,
	"renewals" bigint NOT NULL
);

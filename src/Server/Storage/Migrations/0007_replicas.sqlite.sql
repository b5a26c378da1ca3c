-- Which schema this is, and the oldest servers that may use it. Every later migration updates the row.
CREATE TABLE "store_schema" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_store_schema" PRIMARY KEY,
    "number" INTEGER NOT NULL,
    "wrapping_key_id" TEXT NOT NULL,
    "oldest_server" INTEGER NOT NULL,
    CONSTRAINT "ck_store_schema_one" CHECK (id = 1)
);

INSERT INTO "store_schema" ("id", "number", "wrapping_key_id", "oldest_server") VALUES (1, 7, '', 7);

CREATE TABLE "store_replica" (
    "replica_id" INTEGER NOT NULL CONSTRAINT "PK_store_replica" PRIMARY KEY,
    "commit_number" INTEGER NOT NULL
);

ALTER TABLE "extract_call" ADD COLUMN "replica_id" INTEGER NOT NULL DEFAULT 0;

CREATE INDEX "ix_extract_call_open" ON "extract_call" ("client_cvr") WHERE terminal_log_index < 0;

ALTER TABLE "import" ADD COLUMN "replica_id" INTEGER NOT NULL DEFAULT 0;

-- Rows that an error rule speaks against: numbers and codes in the clear, the rows themselves sealed. partition_id is 0 where a row names no partition.
CREATE TABLE "quarantine" (
    "import_id" INTEGER NOT NULL,
    "partition_id" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "row_count" INTEGER NOT NULL,
    "findings" BLOB NOT NULL,
    "sealed" BLOB NOT NULL,
    CONSTRAINT "PK_quarantine" PRIMARY KEY ("import_id", "partition_id", "ordinal")
);

-- Which extract was planned on which generation; unlike a pin it stays when the extract is acknowledged.
CREATE TABLE "generation_use" (
    "holder" TEXT NOT NULL,
    "partition_id" INTEGER NOT NULL,
    "generation" INTEGER NOT NULL,
    CONSTRAINT "PK_generation_use" PRIMARY KEY ("holder", "partition_id")
);

CREATE INDEX "ix_generation_use_generation" ON "generation_use" ("partition_id", "generation");

INSERT INTO "generation_use" ("holder", "partition_id", "generation") SELECT "holder", "partition_id", "generation" FROM "generation_pin";

CREATE TRIGGER "generation_use_no_update" BEFORE UPDATE ON "generation_use" BEGIN SELECT RAISE(ABORT, 'what was delivered is never changed'); END;
CREATE TRIGGER "generation_use_no_delete" BEFORE DELETE ON "generation_use" BEGIN SELECT RAISE(ABORT, 'what was delivered is never deleted'); END;

CREATE TABLE "approval" (
    "project_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "document" BLOB NOT NULL,
    "document_digest" BLOB NOT NULL,
    "scope_digest" BLOB NOT NULL,
    "commitment_salt" BLOB NOT NULL,
    "log_index" INTEGER NOT NULL,
    CONSTRAINT "PK_approval" PRIMARY KEY ("project_id", "version")
);

CREATE TABLE "extract" (
    "extract_id" TEXT NOT NULL CONSTRAINT "PK_extract" PRIMARY KEY,
    "project_id" TEXT NOT NULL,
    "approval_version" INTEGER NOT NULL,
    "programme" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "sealed_digest_salt" BLOB NOT NULL,
    "snapshot_digest" BLOB NOT NULL,
    "schema_fingerprint" BLOB NOT NULL,
    "batch_count" INTEGER NOT NULL,
    "row_count" INTEGER NOT NULL,
    "list_digest" BLOB NOT NULL,
    "receipt_log_index" INTEGER NOT NULL,
    "receipt_digest" TEXT NOT NULL,
    "pseudonymised_log_index" INTEGER NOT NULL
);

CREATE TABLE "extract_call" (
    "call_id" TEXT NOT NULL CONSTRAINT "PK_extract_call" PRIMARY KEY,
    "extract_id" TEXT NOT NULL,
    "client_spki_sha256" TEXT NOT NULL,
    "client_cvr" TEXT NOT NULL,
    "terminal_log_index" INTEGER NOT NULL
);

CREATE TABLE "extract_range" (
    "call_id" TEXT NOT NULL,
    "from_batch" INTEGER NOT NULL,
    "to_batch" INTEGER NOT NULL,
    "extract_id" TEXT NOT NULL,
    "rows_before" INTEGER NOT NULL,
    "positions" BLOB NOT NULL,
    CONSTRAINT "PK_extract_range" PRIMARY KEY ("call_id", "from_batch")
);

CREATE TABLE "generation_pin" (
    "holder" TEXT NOT NULL,
    "partition_id" INTEGER NOT NULL,
    "generation" INTEGER NOT NULL,
    CONSTRAINT "PK_generation_pin" PRIMARY KEY ("holder", "partition_id")
);

CREATE TABLE "holding" (
    "holding_id" TEXT NOT NULL CONSTRAINT "PK_holding" PRIMARY KEY,
    "project_id" TEXT NOT NULL,
    "extract_id" TEXT NOT NULL,
    "row_count" INTEGER NOT NULL,
    "delivered_on" TEXT NOT NULL,
    "deletion_due" TEXT NOT NULL,
    "state" INTEGER NOT NULL,
    "ended_on" TEXT NOT NULL,
    "signer_name" TEXT NOT NULL,
    "evidence_reference" TEXT NOT NULL,
    "end_log_index" INTEGER NOT NULL,
    "archive" TEXT NOT NULL,
    "approval_version" INTEGER NOT NULL,
    "part_deletion_due" INTEGER NOT NULL,
    "was_overdue" INTEGER NOT NULL,
    "last_reminded_on" TEXT NOT NULL
);

CREATE TABLE "import" (
    "import_id" INTEGER NOT NULL CONSTRAINT "PK_import" PRIMARY KEY,
    "source_delivery_id" TEXT NOT NULL,
    "state" INTEGER NOT NULL,
    "file_digest" BLOB NOT NULL,
    "report" BLOB NOT NULL
);

CREATE TABLE "log_checkpoint" (
    "size" INTEGER NOT NULL CONSTRAINT "PK_log_checkpoint" PRIMARY KEY,
    "root" BLOB NOT NULL,
    "note" BLOB NOT NULL
);

CREATE TABLE "log_head" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_log_head" PRIMARY KEY,
    "size" INTEGER NOT NULL,
    "frontier" BLOB NOT NULL,
    "last_timestamp_ms" INTEGER NOT NULL,
    CONSTRAINT "ck_log_head_one" CHECK (id = 1)
);

CREATE TABLE "log_leaf" (
    "idx" INTEGER NOT NULL CONSTRAINT "PK_log_leaf" PRIMARY KEY,
    "timestamp_ms" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "organisation" TEXT NOT NULL,
    "idempotency_key" TEXT NULL,
    "body" BLOB NOT NULL,
    "leaf_hash" BLOB NOT NULL
);

CREATE TABLE "log_tile" (
    "level" INTEGER NOT NULL,
    "idx" INTEGER NOT NULL,
    "hashes" BLOB NOT NULL,
    "root" BLOB NOT NULL,
    CONSTRAINT "PK_log_tile" PRIMARY KEY ("level", "idx")
);

CREATE TABLE "project" (
    "project_id" TEXT NOT NULL CONSTRAINT "PK_project" PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "controller_cvr" TEXT NOT NULL,
    "deletion_due" TEXT NOT NULL,
    "was_overdue" INTEGER NOT NULL,
    "reason" TEXT NOT NULL
);

CREATE TABLE "publication" (
    "programme" INTEGER NOT NULL,
    "school_year" INTEGER NOT NULL,
    "published_on" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "log_index" INTEGER NOT NULL,
    CONSTRAINT "PK_publication" PRIMARY KEY ("programme", "school_year")
);

CREATE TABLE "recipient_key" (
    "key_id" TEXT NOT NULL CONSTRAINT "PK_recipient_key" PRIMARY KEY,
    "record" BLOB NOT NULL,
    "signature" BLOB NOT NULL,
    "signer_certificate" BLOB NOT NULL,
    "log_index" INTEGER NOT NULL
);

CREATE TABLE "result_generation" (
    "partition_id" INTEGER NOT NULL,
    "generation" INTEGER NOT NULL,
    "import_id" INTEGER NOT NULL,
    "state" INTEGER NOT NULL,
    "row_count" INTEGER NOT NULL,
    "voluntary_row_count" INTEGER NOT NULL,
    "quality_report" BLOB NOT NULL,
    "quality_digest" BLOB NOT NULL,
    CONSTRAINT "PK_result_generation" PRIMARY KEY ("partition_id", "generation")
);

CREATE TABLE "result_partition" (
    "partition_id" INTEGER NOT NULL CONSTRAINT "PK_result_partition" PRIMARY KEY,
    "code" TEXT NOT NULL,
    "current_generation" INTEGER NOT NULL,
    "wrapped_key" BLOB NOT NULL
);

CREATE TABLE "segment" (
    "segment_id" INTEGER NOT NULL CONSTRAINT "PK_segment" PRIMARY KEY,
    "partition_id" INTEGER NOT NULL,
    "generation" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "row_count" INTEGER NOT NULL,
    "withheld_row_count" INTEGER NOT NULL,
    "columns" INTEGER NOT NULL
);

CREATE TABLE "segment_column" (
    "segment_column_id" INTEGER NOT NULL CONSTRAINT "PK_segment_column" PRIMARY KEY,
    "sealed" BLOB NOT NULL
);

CREATE INDEX "ix_extract_project" ON "extract" ("project_id");

CREATE INDEX "ix_extract_call_extract" ON "extract_call" ("extract_id");

CREATE INDEX "ix_extract_range_place" ON "extract_range" ("extract_id", "to_batch");

CREATE INDEX "ix_generation_pin_generation" ON "generation_pin" ("partition_id", "generation");

CREATE INDEX "ix_holding_due" ON "holding" ("state", "deletion_due");

CREATE INDEX "ix_holding_project" ON "holding" ("project_id");

CREATE UNIQUE INDEX "ux_holding_extract" ON "holding" ("extract_id");

CREATE UNIQUE INDEX "ux_import_source_delivery" ON "import" ("source_delivery_id");

CREATE INDEX "ix_log_leaf_project" ON "log_leaf" ("project_id");

CREATE UNIQUE INDEX "ux_log_leaf_idempotency_key" ON "log_leaf" ("idempotency_key");

CREATE UNIQUE INDEX "ux_result_partition_code" ON "result_partition" ("code");

CREATE UNIQUE INDEX "ux_segment_place" ON "segment" ("partition_id", "generation", "ordinal");

-- The log grows and nothing else: the database itself refuses to change or delete a leaf, a full tile or a checkpoint.
CREATE TRIGGER "log_leaf_no_update" BEFORE UPDATE ON "log_leaf" BEGIN SELECT RAISE(ABORT, 'a leaf is never changed'); END;
CREATE TRIGGER "log_leaf_no_delete" BEFORE DELETE ON "log_leaf" BEGIN SELECT RAISE(ABORT, 'a leaf is never deleted'); END;
CREATE TRIGGER "log_tile_no_update" BEFORE UPDATE ON "log_tile" BEGIN SELECT RAISE(ABORT, 'a tile is never changed'); END;
CREATE TRIGGER "log_tile_no_delete" BEFORE DELETE ON "log_tile" BEGIN SELECT RAISE(ABORT, 'a tile is never deleted'); END;
CREATE TRIGGER "log_checkpoint_no_update" BEFORE UPDATE ON "log_checkpoint" BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END;
CREATE TRIGGER "log_checkpoint_no_delete" BEFORE DELETE ON "log_checkpoint" BEGIN SELECT RAISE(ABORT, 'a checkpoint is never deleted'); END;
CREATE TRIGGER "log_head_no_shrink" BEFORE UPDATE ON "log_head" WHEN NEW.size < OLD.size BEGIN SELECT RAISE(ABORT, 'the log never shrinks'); END;
CREATE TRIGGER "approval_no_update" BEFORE UPDATE ON "approval" BEGIN SELECT RAISE(ABORT, 'an approval version is never changed'); END;
CREATE TRIGGER "approval_no_delete" BEFORE DELETE ON "approval" BEGIN SELECT RAISE(ABORT, 'an approval version is never deleted'); END;
CREATE TRIGGER "project_closed_stays" BEFORE UPDATE OF "state" ON "project" WHEN OLD.state IN (8, 9, 10) AND NEW.state <> OLD.state BEGIN SELECT RAISE(ABORT, 'a closed project stays closed'); END;

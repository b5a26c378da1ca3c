CREATE TABLE "confirmation" (
    "log_index" INTEGER NOT NULL CONSTRAINT "PK_confirmation" PRIMARY KEY,
    "project_id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "confirmed_on" TEXT NOT NULL,
    "signer_name" TEXT NOT NULL,
    "evidence_reference" TEXT NOT NULL,
    "archive" TEXT NOT NULL,
    "project_state" TEXT NOT NULL,
    "document" BLOB NOT NULL,
    "signature" BLOB NOT NULL
);

-- A column in the middle, so the table is made anew.
CREATE TABLE "holding_with_part" (
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
    "part_log_index" INTEGER NOT NULL,
    "was_overdue" INTEGER NOT NULL,
    "last_reminded_on" TEXT NOT NULL
);

INSERT INTO "holding_with_part"
SELECT "holding_id", "project_id", "extract_id", "row_count", "delivered_on", "deletion_due", "state", "ended_on", "signer_name", "evidence_reference",
    "end_log_index", "archive", "approval_version", "part_deletion_due", -1, "was_overdue", "last_reminded_on"
FROM "holding";

DROP TABLE "holding";

ALTER TABLE "holding_with_part" RENAME TO "holding";

CREATE INDEX "ix_holding_due" ON "holding" ("state", "deletion_due");

CREATE INDEX "ix_holding_project" ON "holding" ("project_id");

CREATE UNIQUE INDEX "ux_holding_extract" ON "holding" ("extract_id");

-- What was answered to the controller is answered again as it was.
CREATE TRIGGER "confirmation_no_update" BEFORE UPDATE ON "confirmation" BEGIN SELECT RAISE(ABORT, 'a confirmation is never changed'); END;
CREATE TRIGGER "confirmation_no_delete" BEFORE DELETE ON "confirmation" BEGIN SELECT RAISE(ABORT, 'a confirmation is never deleted'); END;

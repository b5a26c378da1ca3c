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

ALTER TABLE "holding" ADD COLUMN "part_log_index" INTEGER NOT NULL DEFAULT -1;

-- What was answered to the controller is answered again as it was.
CREATE TRIGGER "confirmation_no_update" BEFORE UPDATE ON "confirmation" BEGIN SELECT RAISE(ABORT, 'a confirmation is never changed'); END;
CREATE TRIGGER "confirmation_no_delete" BEFORE DELETE ON "confirmation" BEGIN SELECT RAISE(ABORT, 'a confirmation is never deleted'); END;

CREATE TABLE "log_cosignature" (
    "size" INTEGER NOT NULL,
    "witness" TEXT NOT NULL,
    "note" BLOB NOT NULL,
    CONSTRAINT "PK_log_cosignature" PRIMARY KEY ("size", "witness")
);

-- What a witness signed stands beside the checkpoint, which itself is never changed.
CREATE TRIGGER "log_cosignature_no_update" BEFORE UPDATE ON "log_cosignature" BEGIN SELECT RAISE(ABORT, 'a cosignature is never changed'); END;
CREATE TRIGGER "log_cosignature_no_delete" BEFORE DELETE ON "log_cosignature" BEGIN SELECT RAISE(ABORT, 'a cosignature is never deleted'); END;

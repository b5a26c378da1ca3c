CREATE TABLE "erratum" (
    "erratum_id" TEXT NOT NULL CONSTRAINT "PK_erratum" PRIMARY KEY,
    "request_digest" BLOB NOT NULL,
    "document" BLOB NOT NULL,
    "register_time_ms" INTEGER NOT NULL,
    "log_index" INTEGER NOT NULL
);

CREATE TABLE "erratum_withdrawal" (
    "erratum_id" TEXT NOT NULL CONSTRAINT "PK_erratum_withdrawal" PRIMARY KEY,
    "reason_da" TEXT NOT NULL,
    "reason_en" TEXT NOT NULL,
    "withdraw_time_ms" INTEGER NOT NULL,
    "log_index" INTEGER NOT NULL
);

CREATE TABLE "extract_erratum" (
    "extract_id" TEXT NOT NULL,
    "erratum_id" TEXT NOT NULL,
    CONSTRAINT "PK_extract_erratum" PRIMARY KEY ("extract_id", "erratum_id")
);

CREATE TRIGGER "erratum_no_update" BEFORE UPDATE ON "erratum" BEGIN SELECT RAISE(ABORT, 'an erratum is never changed'); END;
CREATE TRIGGER "erratum_no_delete" BEFORE DELETE ON "erratum" BEGIN SELECT RAISE(ABORT, 'an erratum is never deleted'); END;
CREATE TRIGGER "erratum_withdrawal_no_update" BEFORE UPDATE ON "erratum_withdrawal" BEGIN SELECT RAISE(ABORT, 'a withdrawal is never changed'); END;
CREATE TRIGGER "erratum_withdrawal_no_delete" BEFORE DELETE ON "erratum_withdrawal" BEGIN SELECT RAISE(ABORT, 'a withdrawal is never deleted'); END;

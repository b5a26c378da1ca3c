-- The whole schema: PostgreSQL begins here.
CREATE TABLE approval (
    project_id text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    document bytea NOT NULL,
    document_digest bytea NOT NULL,
    scope_digest bytea NOT NULL,
    commitment_salt bytea NOT NULL,
    log_index bigint NOT NULL,
    CONSTRAINT "PK_approval" PRIMARY KEY (project_id, version)
);

CREATE TABLE confirmation (
    log_index bigint NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    method text COLLATE "C" NOT NULL,
    confirmed_on text COLLATE "C" NOT NULL,
    signer_name text COLLATE "C" NOT NULL,
    evidence_reference text COLLATE "C" NOT NULL,
    archive text COLLATE "C" NOT NULL,
    project_state text COLLATE "C" NOT NULL,
    document bytea NOT NULL,
    signature bytea NOT NULL,
    CONSTRAINT "PK_confirmation" PRIMARY KEY (log_index)
);

CREATE TABLE erratum (
    erratum_id text COLLATE "C" NOT NULL,
    request_digest bytea NOT NULL,
    document bytea NOT NULL,
    register_time_ms bigint NOT NULL,
    log_index bigint NOT NULL,
    CONSTRAINT "PK_erratum" PRIMARY KEY (erratum_id)
);

CREATE TABLE erratum_withdrawal (
    erratum_id text COLLATE "C" NOT NULL,
    reason_da text COLLATE "C" NOT NULL,
    reason_en text COLLATE "C" NOT NULL,
    withdraw_time_ms bigint NOT NULL,
    log_index bigint NOT NULL,
    CONSTRAINT "PK_erratum_withdrawal" PRIMARY KEY (erratum_id)
);

CREATE TABLE extract (
    extract_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    approval_version integer NOT NULL,
    programme integer NOT NULL,
    state integer NOT NULL,
    sealed_digest_salt bytea NOT NULL,
    snapshot_digest bytea NOT NULL,
    schema_fingerprint bytea NOT NULL,
    batch_count bigint NOT NULL,
    row_count bigint NOT NULL,
    list_digest bytea NOT NULL,
    receipt_log_index bigint NOT NULL,
    receipt_digest text COLLATE "C" NOT NULL,
    pseudonymised_log_index bigint NOT NULL,
    CONSTRAINT "PK_extract" PRIMARY KEY (extract_id)
);

CREATE TABLE extract_call (
    call_id text COLLATE "C" NOT NULL,
    extract_id text COLLATE "C" NOT NULL,
    client_spki_sha256 text COLLATE "C" NOT NULL,
    client_cvr text COLLATE "C" NOT NULL,
    terminal_log_index bigint NOT NULL,
    replica_id bigint NOT NULL DEFAULT 0,
    CONSTRAINT "PK_extract_call" PRIMARY KEY (call_id)
);

CREATE TABLE extract_erratum (
    extract_id text COLLATE "C" NOT NULL,
    erratum_id text COLLATE "C" NOT NULL,
    CONSTRAINT "PK_extract_erratum" PRIMARY KEY (extract_id, erratum_id)
);

CREATE TABLE extract_range (
    call_id text COLLATE "C" NOT NULL,
    from_batch bigint NOT NULL,
    to_batch bigint NOT NULL,
    extract_id text COLLATE "C" NOT NULL,
    rows_before bigint NOT NULL,
    positions bytea NOT NULL,
    CONSTRAINT "PK_extract_range" PRIMARY KEY (call_id, from_batch)
);

CREATE TABLE generation_pin (
    holder text COLLATE "C" NOT NULL,
    partition_id integer NOT NULL,
    generation bigint NOT NULL,
    CONSTRAINT "PK_generation_pin" PRIMARY KEY (holder, partition_id)
);

CREATE TABLE generation_use (
    holder text COLLATE "C" NOT NULL,
    partition_id integer NOT NULL,
    generation bigint NOT NULL,
    CONSTRAINT "PK_generation_use" PRIMARY KEY (holder, partition_id)
);

CREATE TABLE holding (
    holding_id text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    extract_id text COLLATE "C" NOT NULL,
    row_count bigint NOT NULL,
    delivered_on text COLLATE "C" NOT NULL,
    deletion_due text COLLATE "C" NOT NULL,
    state integer NOT NULL,
    ended_on text COLLATE "C" NOT NULL,
    signer_name text COLLATE "C" NOT NULL,
    evidence_reference text COLLATE "C" NOT NULL,
    end_log_index bigint NOT NULL,
    archive text COLLATE "C" NOT NULL,
    approval_version integer NOT NULL,
    part_deletion_due boolean NOT NULL,
    part_log_index bigint NOT NULL,
    was_overdue boolean NOT NULL,
    last_reminded_on text COLLATE "C" NOT NULL,
    CONSTRAINT "PK_holding" PRIMARY KEY (holding_id)
);

CREATE TABLE import (
    import_id bigint NOT NULL,
    source_delivery_id text COLLATE "C" NOT NULL,
    state integer NOT NULL,
    file_digest bytea NOT NULL,
    report bytea NOT NULL,
    replica_id bigint NOT NULL DEFAULT 0,
    CONSTRAINT "PK_import" PRIMARY KEY (import_id)
);

CREATE TABLE log_checkpoint (
    size bigint NOT NULL,
    root bytea NOT NULL,
    note bytea NOT NULL,
    CONSTRAINT "PK_log_checkpoint" PRIMARY KEY (size)
);

CREATE TABLE log_cosignature (
    size bigint NOT NULL,
    witness text COLLATE "C" NOT NULL,
    note bytea NOT NULL,
    CONSTRAINT "PK_log_cosignature" PRIMARY KEY (size, witness)
);

CREATE TABLE log_head (
    id integer NOT NULL,
    size bigint NOT NULL,
    frontier bytea NOT NULL,
    last_timestamp_ms bigint NOT NULL,
    CONSTRAINT "PK_log_head" PRIMARY KEY (id),
    CONSTRAINT ck_log_head_one CHECK (id = 1)
);

CREATE TABLE log_leaf (
    idx bigint NOT NULL,
    timestamp_ms bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    project_id text COLLATE "C" NOT NULL,
    organisation text COLLATE "C" NOT NULL,
    idempotency_key text COLLATE "C",
    body bytea NOT NULL,
    leaf_hash bytea NOT NULL,
    CONSTRAINT "PK_log_leaf" PRIMARY KEY (idx)
);

CREATE TABLE log_tile (
    level integer NOT NULL,
    idx bigint NOT NULL,
    hashes bytea NOT NULL,
    root bytea NOT NULL,
    CONSTRAINT "PK_log_tile" PRIMARY KEY (level, idx)
);

CREATE TABLE project (
    project_id text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    state integer NOT NULL,
    controller_cvr text COLLATE "C" NOT NULL,
    deletion_due text COLLATE "C" NOT NULL,
    was_overdue boolean NOT NULL,
    reason text COLLATE "C" NOT NULL,
    CONSTRAINT "PK_project" PRIMARY KEY (project_id)
);

CREATE TABLE publication (
    programme integer NOT NULL,
    school_year integer NOT NULL,
    published_on text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    log_index bigint NOT NULL,
    CONSTRAINT "PK_publication" PRIMARY KEY (programme, school_year)
);

CREATE TABLE quarantine (
    import_id bigint NOT NULL,
    partition_id integer NOT NULL,
    ordinal integer NOT NULL,
    row_count integer NOT NULL,
    findings bytea NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT "PK_quarantine" PRIMARY KEY (import_id, partition_id, ordinal)
);

CREATE TABLE recipient_key (
    key_id text COLLATE "C" NOT NULL,
    record bytea NOT NULL,
    signature bytea NOT NULL,
    signer_certificate bytea NOT NULL,
    log_index bigint NOT NULL,
    CONSTRAINT "PK_recipient_key" PRIMARY KEY (key_id)
);

CREATE TABLE result_generation (
    partition_id integer NOT NULL,
    generation bigint NOT NULL,
    import_id bigint NOT NULL,
    state integer NOT NULL,
    row_count bigint NOT NULL,
    voluntary_row_count bigint NOT NULL,
    quality_report bytea NOT NULL,
    quality_digest bytea NOT NULL,
    CONSTRAINT "PK_result_generation" PRIMARY KEY (partition_id, generation)
);

CREATE TABLE result_partition (
    partition_id integer NOT NULL,
    code text COLLATE "C" NOT NULL,
    current_generation bigint NOT NULL,
    wrapped_key bytea NOT NULL,
    CONSTRAINT "PK_result_partition" PRIMARY KEY (partition_id)
);

CREATE TABLE segment (
    segment_id bigint NOT NULL,
    partition_id integer NOT NULL,
    generation bigint NOT NULL,
    ordinal integer NOT NULL,
    row_count integer NOT NULL,
    withheld_row_count integer NOT NULL,
    columns bigint NOT NULL,
    CONSTRAINT "PK_segment" PRIMARY KEY (segment_id)
);

CREATE TABLE segment_column (
    segment_column_id bigint NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT "PK_segment_column" PRIMARY KEY (segment_column_id)
);

CREATE TABLE store_replica (
    replica_id bigint NOT NULL,
    commit_number bigint NOT NULL,
    CONSTRAINT "PK_store_replica" PRIMARY KEY (replica_id)
);

CREATE TABLE store_schema (
    id integer NOT NULL,
    number integer NOT NULL,
    wrapping_key_id text COLLATE "C" NOT NULL,
    oldest_server integer NOT NULL,
    CONSTRAINT "PK_store_schema" PRIMARY KEY (id),
    CONSTRAINT ck_store_schema_one CHECK (id = 1)
);

CREATE INDEX ix_extract_project ON extract (project_id);

CREATE INDEX ix_extract_call_extract ON extract_call (extract_id);

CREATE INDEX ix_extract_call_open ON extract_call (client_cvr) WHERE terminal_log_index < 0;

CREATE INDEX ix_extract_range_place ON extract_range (extract_id, to_batch);

CREATE INDEX ix_generation_pin_generation ON generation_pin (partition_id, generation);

CREATE INDEX ix_generation_use_generation ON generation_use (partition_id, generation);

CREATE INDEX ix_holding_due ON holding (state, deletion_due);

CREATE INDEX ix_holding_project ON holding (project_id);

CREATE UNIQUE INDEX ux_holding_extract ON holding (extract_id);

CREATE UNIQUE INDEX ux_import_source_delivery ON import (source_delivery_id);

CREATE INDEX ix_log_leaf_project ON log_leaf (project_id);

CREATE UNIQUE INDEX ux_log_leaf_idempotency_key ON log_leaf (idempotency_key);

CREATE UNIQUE INDEX ux_result_partition_code ON result_partition (code);

CREATE UNIQUE INDEX ux_segment_place ON segment (partition_id, generation, ordinal);

-- Columns are sealed, so compressing them is lost work; out of line they are read without the row.
ALTER TABLE segment_column ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Servers are told apart for ever: a number that was given is not given again.
CREATE SEQUENCE store_replica_id;

INSERT INTO store_schema (id, number, wrapping_key_id, oldest_server) VALUES (1, 7, '', 7);

-- What the database itself refuses, whoever asks.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER log_leaf_no_change BEFORE UPDATE OR DELETE ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change('a leaf is never changed or deleted');
CREATE TRIGGER log_leaf_no_truncate BEFORE TRUNCATE ON log_leaf FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a leaf is never changed or deleted');
CREATE TRIGGER log_tile_no_change BEFORE UPDATE OR DELETE ON log_tile FOR EACH ROW EXECUTE FUNCTION refuse_change('a tile is never changed or deleted');
CREATE TRIGGER log_tile_no_truncate BEFORE TRUNCATE ON log_tile FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a tile is never changed or deleted');
CREATE TRIGGER log_checkpoint_no_change BEFORE UPDATE OR DELETE ON log_checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change('a checkpoint is never changed or deleted');
CREATE TRIGGER log_checkpoint_no_truncate BEFORE TRUNCATE ON log_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a checkpoint is never changed or deleted');
CREATE TRIGGER log_cosignature_no_change BEFORE UPDATE OR DELETE ON log_cosignature FOR EACH ROW EXECUTE FUNCTION refuse_change('a cosignature is never changed or deleted');
CREATE TRIGGER log_cosignature_no_truncate BEFORE TRUNCATE ON log_cosignature FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a cosignature is never changed or deleted');
CREATE TRIGGER approval_no_change BEFORE UPDATE OR DELETE ON approval FOR EACH ROW EXECUTE FUNCTION refuse_change('an approval version is never changed or deleted');
CREATE TRIGGER approval_no_truncate BEFORE TRUNCATE ON approval FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('an approval version is never changed or deleted');
CREATE TRIGGER confirmation_no_change BEFORE UPDATE OR DELETE ON confirmation FOR EACH ROW EXECUTE FUNCTION refuse_change('a confirmation is never changed or deleted');
CREATE TRIGGER confirmation_no_truncate BEFORE TRUNCATE ON confirmation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a confirmation is never changed or deleted');
CREATE TRIGGER generation_use_no_change BEFORE UPDATE OR DELETE ON generation_use FOR EACH ROW EXECUTE FUNCTION refuse_change('what was delivered is never changed or deleted');
CREATE TRIGGER generation_use_no_truncate BEFORE TRUNCATE ON generation_use FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('what was delivered is never changed or deleted');
CREATE TRIGGER erratum_no_change BEFORE UPDATE OR DELETE ON erratum FOR EACH ROW EXECUTE FUNCTION refuse_change('an erratum is never changed or deleted');
CREATE TRIGGER erratum_no_truncate BEFORE TRUNCATE ON erratum FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('an erratum is never changed or deleted');
CREATE TRIGGER erratum_withdrawal_no_change BEFORE UPDATE OR DELETE ON erratum_withdrawal FOR EACH ROW EXECUTE FUNCTION refuse_change('a withdrawal is never changed or deleted');
CREATE TRIGGER erratum_withdrawal_no_truncate BEFORE TRUNCATE ON erratum_withdrawal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('a withdrawal is never changed or deleted');
CREATE TRIGGER log_head_no_shrink BEFORE UPDATE ON log_head FOR EACH ROW WHEN (NEW.size < OLD.size) EXECUTE FUNCTION refuse_change('the log never shrinks');
CREATE TRIGGER log_head_no_delete BEFORE DELETE ON log_head FOR EACH ROW EXECUTE FUNCTION refuse_change('the log never shrinks');
CREATE TRIGGER log_head_no_truncate BEFORE TRUNCATE ON log_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('the log never shrinks');
CREATE TRIGGER project_closed_stays BEFORE UPDATE OF state ON project FOR EACH ROW WHEN (OLD.state IN (8, 9, 10) AND NEW.state <> OLD.state) EXECUTE FUNCTION refuse_change('a closed project stays closed');

-- Shared by all blocks that live in this database. Each table says which block a row belongs to; no table holds
-- personal data in clear.

grant usage on schema foundation to ${application};

-- Ministries and departments that share this installation. A programme, a fund, a job or a message belongs to one of them; what hangs
-- from such a row is seen by those who see the row.
create table organisation (
  id         smallint    generated always as identity primary key,
  code       text        not null unique check (code ~ '^[A-Z][A-Z0-9-]{1,19}$'),
  name       text        not null unique check (length(name) between 1 and 120),
  active     boolean     not null default true,
  created_by text        not null,
  created_at timestamptz not null default now()
);
insert into organisation (code, name, created_by) values ('MAIN', 'Main organisation', 'system');
grant select, insert, update on organisation to ${application};

-- The scope of a connection (org.annona.foundation.scope.Scope). Without one nothing is visible. Row level security calls this once
-- per statement, in a sub-select.
create function visible_organisations() returns smallint[] language sql stable set search_path = pg_catalog as $$
  select case current_setting('annona.organisations', true)
           when '*' then (select array_agg(id) from foundation.organisation)
           else coalesce(nullif(current_setting('annona.organisations', true), ''), '{}')::smallint[]
         end
$$;

-- To which new rows belong; null where none can be made.
create function acting_organisation() returns smallint language sql stable set search_path = pg_catalog as $$
  select nullif(current_setting('annona.organisation', true), '')::smallint
$$;
grant execute on function visible_organisations, acting_organisation to ${application};

-- Data keys, each wrapped by the key-encryption key of the installation.
create table keyset (
  name       text        not null primary key,
  wrapped    bytea       not null,
  created_at timestamptz not null default now()
);
grant select, insert on keyset to ${application};

-- The audit trail: one hash chain per block. Rows are written by append_audit alone; nobody may change or remove them.
create table audit_chain (
  chain text   not null primary key,
  seq   bigint not null,
  hash  bytea  not null
);

create table audit_entry (
  chain         text        not null references audit_chain,
  seq           bigint      not null,
  at            timestamptz not null,
  actor         text        not null,
  action        text        not null,
  subject       text        not null,
  -- for which the actor acted; null for what concerns the whole installation
  organisation  smallint,
  cause         text,
  reason        text,
  row_count     bigint,
  before_digest bytea,
  after_digest  bytea,
  detail        jsonb       not null,
  previous      bytea       not null,
  hash          bytea       not null,
  -- of the hash, with a key that the database does not hold: who writes entries anew cannot make it
  seal          bytea,
  primary key (chain, seq)
);
create index audit_entry_by_time on audit_entry (at desc, chain, seq);
create index audit_entry_by_subject on audit_entry (subject, at desc);
create index audit_entry_by_actor on audit_entry (actor, at desc);
grant select on audit_chain, audit_entry to ${application};
alter table audit_entry enable row level security;
create policy own_organisation on audit_entry
  using (organisation is null or organisation = any ((select visible_organisations())::smallint[]));

-- What the hash covers: every column, each preceded by its length, so that no two entries read alike.
create function audit_content(e audit_entry) returns bytea language sql stable set search_path = pg_catalog as $$
  select convert_to(
           string_agg(coalesce(octet_length(part) || ':' || part, '-:'), '|' order by position), 'UTF8')
  from unnest(array[
         e.chain, e.seq::text, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.actor, e.action,
         e.subject, e.organisation::text, e.cause, e.reason, e.row_count::text, encode(e.before_digest, 'hex'), encode(e.after_digest, 'hex'),
         e.detail::text, encode(e.previous, 'hex')]) with ordinality as parts(part, position)
$$;

create function append_audit(
  p_chain text, p_actor text, p_action text, p_subject text, p_cause text, p_reason text,
  p_row_count bigint, p_before bytea, p_after bytea, p_detail jsonb,
  out seq bigint, out hash bytea)
language plpgsql security definer set search_path = foundation, pg_temp as $$
declare
  head  audit_chain;
  entry audit_entry;
begin
  insert into audit_chain (chain, seq, hash) values (p_chain, 0, sha256('annona')) on conflict do nothing;
  select * into head from audit_chain c where c.chain = p_chain for update;
  entry.chain := p_chain;
  entry.seq := head.seq + 1;
  entry.at := clock_timestamp();
  entry.actor := p_actor;
  entry.action := p_action;
  entry.subject := p_subject;
  entry.organisation := acting_organisation();
  entry.cause := p_cause;
  entry.reason := p_reason;
  entry.row_count := p_row_count;
  entry.before_digest := p_before;
  entry.after_digest := p_after;
  entry.detail := p_detail;
  entry.previous := head.hash;
  entry.hash := sha256(audit_content(entry));
  insert into audit_entry select entry.*;
  update audit_chain c set seq = entry.seq, hash = entry.hash where c.chain = p_chain;
  seq := entry.seq;
  hash := entry.hash;
end
$$;
revoke all on function append_audit from public;
grant execute on function append_audit to ${application};

-- Seals the newest entry of a chain, once.
create function seal_audit(p_chain text, p_seq bigint, p_seal bytea) returns void
language sql security definer set search_path = foundation, pg_temp as $$
  update audit_entry e set seal = p_seal
    from audit_chain c
   where c.chain = p_chain and c.seq = p_seq and e.chain = p_chain and e.seq = p_seq and e.seal is null
$$;
revoke all on function seal_audit from public;
grant execute on function seal_audit to ${application};

-- Long work. The cursor is committed together with the effects of each chunk; the fence rises whenever a process takes
-- the job, and a process with an older fence can commit nothing.
create table job (
  id               uuid        not null primary key,
  -- null for work of the whole installation
  organisation_id  smallint    references organisation default acting_organisation(),
  block            text        not null,
  kind             text        not null,
  key              text        not null unique,
  title            text        not null,
  subject          text        not null,
  state            text        not null
                   check (state in ('queued', 'running', 'waiting', 'done', 'failed', 'cancelled')),
  input            jsonb       not null,
  cursor           jsonb,
  stage            text        not null default '',
  rows_total       bigint      check (rows_total >= 0),
  rows_done        bigint      not null default 0 check (rows_done >= 0),
  rows_failed      bigint      not null default 0 check (rows_failed >= 0),
  fence            bigint      not null default 0,
  tries            int         not null default 0,
  problem_code     text,
  message          text        not null default '',
  requested_by     text        not null,
  requested_at     timestamptz not null default now(),
  started_at       timestamptz,
  progressed_at    timestamptz,
  ended_at         timestamptz,
  cancel_requested boolean     not null default false
);
create index job_by_time on job (requested_at desc, id);
create index job_by_subject on job (subject, requested_at desc);
create index job_unfinished on job (state) where state in ('queued', 'running', 'waiting', 'failed');
grant select, insert, update on job to ${application};
alter table job enable row level security;
create policy own_organisation on job
  using (organisation_id is null or organisation_id = any ((select visible_organisations())::smallint[]));

create table job_row_error (
  job_id  uuid   not null references job,
  number  bigint not null,
  row_ref text   not null,
  code    text   not null,
  message text   not null,
  primary key (job_id, number)
);
grant select, insert on job_row_error to ${application};
alter table job_row_error enable row level security;
create policy of_job on job_row_error using (exists (select from job j where j.id = job_id));

-- db-scheduler's own table, as its documentation gives it.
create table scheduled_task (
  task_name            text        not null,
  task_instance        text        not null,
  task_data            bytea,
  execution_time       timestamptz,
  picked               boolean     not null,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures int,
  last_heartbeat       timestamptz,
  version              bigint      not null,
  priority             smallint,
  primary key (task_name, task_instance)
);
create index scheduled_task_due on scheduled_task (execution_time);
create index scheduled_task_heartbeat on scheduled_task (last_heartbeat);
grant select, insert, update, delete on scheduled_task to ${application};

-- Messages to other blocks or systems, committed with the change that causes them.
create table outbox (
  id           uuid        not null primary key,
  -- null for what concerns the whole installation
  organisation_id smallint references organisation default acting_organisation(),
  block        text        not null,
  topic        text        not null,
  key          text        not null,
  payload      jsonb       not null,
  payload_hash bytea       not null,
  state        text        not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
  attempts     int         not null default 0,
  next_try_at  timestamptz not null default now(),
  lease_until  timestamptz,
  last_error   text,
  created_at   timestamptz not null default now(),
  delivered_at timestamptz,
  unique (topic, key)
);
create index outbox_due on outbox (next_try_at) where state = 'pending';
create index outbox_by_time on outbox (created_at desc, id);
grant select, insert, update, delete on outbox to ${application};
alter table outbox enable row level security;
create policy own_organisation on outbox
  using (organisation_id is null or organisation_id = any ((select visible_organisations())::smallint[]));

-- Tells whether positions in feeds still mean something: they do not after a restore into another server.
create table feed_epoch (
  number            int         generated always as identity primary key,
  system_identifier bigint      not null,
  created_at        timestamptz not null default now()
);
grant select, insert on feed_epoch to ${application};

-- Up to where a block has read the feed of another one.
create table feed_position (
  block    text        not null,
  stream   text        not null,
  position text        not null,
  read_at  timestamptz not null,
  primary key (block, stream)
);
grant select, insert, update on feed_position to ${application};

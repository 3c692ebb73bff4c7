-- Each restore from a backup, written by the restore itself. What was sent after the backup is not known here, so nothing is sent
-- until somebody has read what the bank says and confirmed.
create table restoration (
  id              uuid        not null primary key default gen_random_uuid(),
  backup_taken_at timestamptz not null,
  restored_at     timestamptz not null default now(),
  confirmed_by    text,
  confirmed_at    timestamptz,
  check ((confirmed_by is null) = (confirmed_at is null))
);
create index restoration_waiting on restoration (restored_at) where confirmed_at is null;
grant select, update (confirmed_by, confirmed_at) on restoration to ${role};

-- Identifiers of an identity authority: virtual IDs, which people can change, and the tokens that stand for a person towards
-- one ministry. A virtual ID that is no longer needed is taken away: out of reach at once, and destroyed after a while.

-- Whether capital and small letters differ, and whether partners who may know identifiers are told this one.
alter table identifier_type add column as_written boolean not null default false;
alter table identifier_type add column told boolean not null default false;
update identifier_type set told = true where code = 'national_id';
insert into identifier_type (code, label, pattern, check_digit, as_written) values
  ('virtual_id', 'MOSIP VID', '\d{10}|\d{16}', 'none', false),
  ('identity_token', 'MOSIP UIN TOKEN', '\d{36}|[A-Za-z0-9_-]{43}', 'none', true);

alter table import_row add column virtual_id_index bytea;
create index import_row_by_virtual_id on import_row (import_id, virtual_id_index, row_number)
  where virtual_id_index is not null;

-- An identifier that was taken away. Its value is sealed under a key of its own until it is destroyed; the keyed hash stays
-- only where that was agreed, so that a list which brings the value again does not undo it.
create table retired_identifier (
  id            uuid        not null primary key,
  person_id     uuid        not null references person,
  type          text        not null references identifier_type,
  value_sealed  bytea,
  value_index   bytea,
  was           text        not null check (was in ('unverified', 'valid')),
  retired_at    timestamptz not null default now(),
  retired_by    text        not null,
  cause         text        not null,
  destroy_after timestamptz not null,
  restored_at   timestamptz,
  restored_by   text,
  destroyed_at  timestamptz,
  check (destroyed_at is null or (value_sealed is null and restored_at is null)),
  check (restored_at is null or value_sealed is null)
);
create index retired_identifier_by_person on retired_identifier (person_id);
create index retired_identifier_by_value on retired_identifier (value_index) where value_index is not null;
create index retired_identifier_to_destroy on retired_identifier (destroy_after, id) where value_sealed is not null;
create index retired_identifier_by_time on retired_identifier (retired_at desc, id);
grant select, insert, update on retired_identifier to ${role};
grant delete on identifier to ${role};

-- What a person agreed to, for one purpose, with the receipt that proves it.
create table consent (
  id           uuid        not null primary key,
  person_id    uuid        not null references person,
  purpose      text        not null check (purpose ~ '^[a-z0-9][a-z0-9._-]{0,59}$'),
  receipt      text        not null,
  given_on     date        not null,
  recorded_by  text        not null,
  recorded_at  timestamptz not null default now(),
  withdrawn_at timestamptz,
  withdrawn_by text
);
create unique index consent_one_per_purpose on consent (person_id, purpose) where withdrawn_at is null;
grant select, insert, update on consent to ${role};

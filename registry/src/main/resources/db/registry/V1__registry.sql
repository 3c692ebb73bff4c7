-- People and households. Names, identifier values, phones, e-mails, address lines and account numbers are sealed
-- (columns ..._sealed) and found by blind indexes; the rest is in clear.
-- changed_xid orders the change feed: readers see a row once every transaction that began before it has ended. Nobody
-- sets it: a new row has it by default, a changed one by trigger.

grant usage on schema registry to ${role};

create function stamp_change() returns trigger language plpgsql as $$
begin
  new.changed_xid := pg_current_xact_id();
  return new;
end
$$;

-- updated_at is what partners poll by. It is taken from the clock after the transaction has its id, so that no change has an
-- earlier stamp than the beginning of a transaction that can be seen to write (settled.sql). For new rows the same holds because
-- changed_xid stands before updated_at: defaults are computed in the order of the columns.
create function stamp_told_change() returns trigger language plpgsql as $$
begin
  new.changed_xid := pg_current_xact_id();
  new.updated_at := clock_timestamp();
  return new;
end
$$;

create table area (
  id        uuid not null primary key,
  code      text not null unique check (code ~ '^[A-Za-z0-9._-]{1,40}$'),
  name      text not null,
  level     int  not null check (level between 1 and 9),
  parent_id uuid references area,
  path      text not null unique check (path like '/%/'),
  check ((parent_id is null) = (level = 1))
);
create index area_by_parent on area (parent_id, code);
grant select, insert, update on area to ${role};

create table identifier_type (
  code        text not null primary key,
  label       text not null,
  pattern     text not null,
  check_digit text not null check (check_digit in ('none', 'verhoeff', 'luhn'))
);
insert into identifier_type values ('national_id', 'National ID', '\d{12}', 'verhoeff');
grant select on identifier_type to ${role};

create sequence person_number;
create sequence household_number;
grant usage on person_number, household_number to ${role};

create table person (
  id              uuid        not null primary key,
  ref             text        not null unique,
  status          text        not null default 'active' check (status in ('active', 'inactive', 'deceased', 'merged')),
  name_sealed     bytea       not null,
  -- keyed tokens of the words of the name, in any script
  name_tokens     bigint[]    not null,
  -- keyed hash of all name words, birth date and sex: equal for entries that look like one person
  likeness        bytea       not null,
  birth_date      date        check (birth_date between date '1880-01-01' and date '2200-01-01'),
  birth_precision text        not null default 'day' check (birth_precision in ('day', 'month', 'year', 'estimated')),
  sex             text        check (sex in ('F', 'M', 'X')),
  death_date      date,
  email_sealed    bytea,
  source          text        not null,
  source_index    bytea,
  -- keyed hash of everything a source said: an import that says the same again changes nothing
  content_mac     bytea       not null,
  created_by      text        not null,
  created_at      timestamptz not null default now(),
  updated_by      text        not null,
  changed_xid     xid8        not null default pg_current_xact_id(),
  updated_at      timestamptz not null default clock_timestamp(),
  version         int         not null default 1,
  check ((status = 'deceased') = (death_date is not null)),
  check (death_date >= birth_date)
);
create unique index person_by_source on person (source, source_index) where source_index is not null;
create index person_by_name on person using gin (name_tokens);
create index person_by_likeness on person (likeness);
create index person_by_change on person (changed_xid, id);
create trigger person_change before update on person for each row execute function stamp_told_change();
grant select, insert, update on person to ${role};

create table identifier (
  id           uuid        not null primary key,
  person_id    uuid        not null references person,
  type         text        not null references identifier_type,
  value_sealed bytea       not null,
  value_index  bytea       not null,
  status       text        not null
                           check (status in ('unverified', 'valid', 'invalid', 'expired', 'revoked', 'retired')),
  issued_on    date,
  expires_on   date        check (expires_on >= issued_on),
  created_at   timestamptz not null default now()
);
create unique index identifier_is_of_one_person on identifier (type, value_index)
  where status in ('unverified', 'valid');
create unique index identifier_one_per_type on identifier (person_id, type) where status in ('unverified', 'valid');
create index identifier_by_person on identifier (person_id);
create index identifier_by_value on identifier (value_index);
grant select, insert, update on identifier to ${role};

create table phone (
  id           uuid        not null primary key,
  person_id    uuid        not null references person,
  value_sealed bytea       not null,
  value_index  bytea       not null,
  active       boolean     not null default true,
  created_at   timestamptz not null default now(),
  unique (person_id, value_index)
);
create index phone_by_value on phone (value_index);
grant select, insert, update on phone to ${role};

create table account (
  id            uuid        not null primary key,
  person_id     uuid        not null references person,
  scheme        text        not null check (scheme in ('bank', 'mobile')),
  provider      text        not null,
  number_sealed bytea       not null,
  number_index  bytea       not null,
  active        boolean     not null default true,
  created_at    timestamptz not null default now(),
  changed_xid   xid8        not null default pg_current_xact_id()
);
create unique index account_one_active on account (person_id) where active;
create index account_by_change on account (changed_xid, id);
create trigger account_change before update on account for each row execute function stamp_change();
grant select, insert, update on account to ${role};

create table household (
  id                   uuid        not null primary key,
  ref                  text        not null unique,
  status               text        not null default 'active' check (status in ('active', 'dissolved')),
  area_id              uuid        references area,
  address_sealed       bytea,
  monthly_income_minor bigint      check (monthly_income_minor >= 0),
  source               text        not null,
  source_index         bytea       not null,
  created_by           text        not null,
  created_at           timestamptz not null default now(),
  updated_by           text        not null,
  changed_xid          xid8        not null default pg_current_xact_id(),
  updated_at           timestamptz not null default clock_timestamp()
);
create unique index household_by_source on household (source, source_index);
create index household_by_area on household (area_id, id);
create index household_by_change on household (changed_xid, id);
create trigger household_change before update on household for each row execute function stamp_told_change();
grant select, insert, update on household to ${role};

create table membership (
  id           uuid        not null primary key,
  household_id uuid        not null references household,
  person_id    uuid        not null references person,
  role         text        not null check (role in ('head', 'spouse', 'child', 'parent', 'other')),
  -- from this day on, up to but not including that one; both the same where it was entered in error
  valid_from   date        not null,
  valid_to     date        check (valid_to >= valid_from),
  end_reason   text        check (end_reason in ('left', 'died', 'moved', 'role_changed', 'error')),
  -- when its end was written, for whoever asks what was changed since a moment
  ended_at     timestamptz,
  created_by   text        not null,
  created_at   timestamptz not null default now(),
  changed_xid  xid8        not null default pg_current_xact_id(),
  constraint membership_one_household_at_a_time
    exclude using gist (person_id with =, daterange(valid_from, valid_to) with &&),
  constraint membership_one_head
    exclude using gist (household_id with =, daterange(valid_from, valid_to) with &&) where (role = 'head')
);
create index membership_by_household on membership (household_id);
create index membership_by_person on membership (person_id);
create index membership_by_change on membership (changed_xid, id);
create trigger membership_change before update on membership for each row execute function stamp_change();
create function stamp_end() returns trigger language plpgsql as $$
begin
  new.ended_at := clock_timestamp();
  return new;
end
$$;
create trigger membership_end before update of valid_to on membership
  for each row when (new.valid_to is distinct from old.valid_to) execute function stamp_end();
grant select, insert, update on membership to ${role};

-- What partners are told of a person has identifiers and phones in it, and what they are told of a household its members. So a
-- change of these moves updated_at of the person or household too, unless the same transaction has stamped it already.
create function stamp_people(ids uuid[]) returns void language sql as $$
  update registry.person set updated_by = updated_by
   where id in (select p.id from registry.person p where p.id = any (ids) and p.changed_xid <> pg_current_xact_id()
                 order by p.id for no key update)
$$;
create function stamp_households(ids uuid[]) returns void language sql as $$
  update registry.household set updated_by = updated_by
   where id in (select h.id from registry.household h where h.id = any (ids) and h.changed_xid <> pg_current_xact_id()
                 order by h.id for no key update)
$$;
create function stamp_people_of_new() returns trigger language plpgsql as $$
begin
  perform registry.stamp_people(array(select n.person_id from new_rows n));
  return null;
end
$$;
create function stamp_people_of_identifiers() returns trigger language plpgsql as $$
begin
  perform registry.stamp_people(array(select n.person_id from new_rows n join old_rows o on o.id = n.id
                              where (n.status, n.value_index) is distinct from (o.status, o.value_index)));
  return null;
end
$$;
create function stamp_people_of_phones() returns trigger language plpgsql as $$
begin
  perform registry.stamp_people(array(select n.person_id from new_rows n join old_rows o on o.id = n.id
                              where n.active is distinct from o.active));
  return null;
end
$$;
create function stamp_households_of_new() returns trigger language plpgsql as $$
begin
  perform registry.stamp_households(array(select n.household_id from new_rows n));
  return null;
end
$$;
create function stamp_households_of_members() returns trigger language plpgsql as $$
begin
  perform registry.stamp_households(array(select n.household_id from new_rows n join old_rows o on o.id = n.id
                                  where (n.role, n.valid_from, n.valid_to) is distinct from
                                        (o.role, o.valid_from, o.valid_to)));
  return null;
end
$$;
create trigger identifier_is_new after insert on identifier referencing new table as new_rows
  for each statement execute function stamp_people_of_new();
create trigger identifier_is_changed after update on identifier referencing new table as new_rows old table as old_rows
  for each statement execute function stamp_people_of_identifiers();
create trigger phone_is_new after insert on phone referencing new table as new_rows
  for each statement execute function stamp_people_of_new();
create trigger phone_is_changed after update on phone referencing new table as new_rows old table as old_rows
  for each statement execute function stamp_people_of_phones();
create trigger membership_is_new after insert on membership referencing new table as new_rows
  for each statement execute function stamp_households_of_new();
create trigger membership_is_changed after update on membership referencing new table as new_rows old table as old_rows
  for each statement execute function stamp_households_of_members();

-- Numbers over all rows that are counted now and then, because no page can wait for them.
create table figure (
  name       text        not null primary key,
  value      bigint      not null,
  counted_at timestamptz not null
);
grant select, insert, update on figure to ${role};

create table import (
  id              uuid        not null primary key,
  state           text        not null check (state in ('uploaded', 'checking', 'checked', 'applying', 'applied',
                                                        'cancelled')),
  file_name       text        not null,
  file_hash       bytea       not null,
  file_bytes      bigint      not null,
  pieces          int         not null,
  encoding        text        not null,
  delimiter       char(1)     not null,
  header          jsonb       not null,
  mapping         jsonb       not null,
  source          text        not null,
  rows_total      bigint,
  rows_rejected   bigint      not null default 0,
  rows_created    bigint      not null default 0,
  rows_updated    bigint      not null default 0,
  rows_unchanged  bigint      not null default 0,
  -- people whose money would go to another account; a second person confirms such an import
  accounts_changed bigint     not null default 0,
  -- households of the list that would stand, or stand, without a head
  households_without_head bigint not null default 0,
  second_by       text,
  created_by      text        not null,
  created_at      timestamptz not null default now(),
  confirmed_by    text,
  ended_at        timestamptz,
  forgotten_at    timestamptz,
  constraint import_needs_two check (accounts_changed = 0 or state not in ('applying', 'applied')
                                     or (second_by is not null and second_by <> confirmed_by))
);
create unique index import_once on import (file_hash) where state <> 'cancelled';
create index import_by_time on import (created_at desc, id);
grant select, insert, update on import to ${role};

-- The file as it came, sealed piece by piece, until it is forgotten.
create table import_piece (
  import_id uuid  not null references import,
  number    int   not null,
  content   bytea not null,
  primary key (import_id, number)
);
grant select, insert, delete on import_piece to ${role};

-- One row of the file on its way in. Its values are sealed; what must be compared is a blind index.
create table import_row (
  import_id        uuid   not null references import,
  row_number       bigint not null,
  payload_sealed   bytea,
  household_index  bytea,
  source_index     bytea,
  identifier_index bytea,
  likeness         bytea,
  account_index    bytea,
  content_mac      bytea,
  is_head          boolean not null,
  -- the registered person of whom the row speaks, once one is found
  person_id        uuid,
  -- under which she is entered where none is
  new_person_id    uuid    not null,
  outcome          text    not null check (outcome in ('create', 'update', 'unchanged', 'rejected')),
  problems         jsonb,
  without_head     boolean not null default false,
  primary key (import_id, row_number)
);
-- A new import is in no statistics, and the planner would take its rows for one. Without any it assumes a share of all.
alter table import_row alter column import_id set statistics 0;
create index import_row_by_identifier on import_row (import_id, identifier_index, row_number)
  where identifier_index is not null;
create index import_row_by_household on import_row (import_id, household_index, row_number)
  where household_index is not null;
create index import_row_by_source on import_row (import_id, source_index, row_number) where source_index is not null;
create index import_row_by_person on import_row (import_id, person_id, row_number) where person_id is not null;
create index import_row_rejected on import_row (import_id, row_number) where outcome = 'rejected';
create index import_row_without_head on import_row (import_id, row_number) where without_head;
grant select, insert, update on import_row to ${role};

-- Which column was which, remembered per set of column names.
create table import_template (
  header_digest bytea       not null primary key,
  mapping       jsonb       not null,
  source        text        not null,
  used_by       text        not null,
  used_at       timestamptz not null default now()
);
grant select, insert, update on import_template to ${role};

-- Whom users saw in clear, when and why: for the auditor, beside the entry in the audit trail.
create table reveal (
  id        uuid        not null primary key,
  at        timestamptz not null,
  user_name text        not null,
  person_id uuid        not null references person,
  occasion  text        not null,
  reason    text        not null
);
create index reveal_by_time on reveal (at desc, id);
create index reveal_by_user on reveal (user_name, at desc);
create index reveal_by_person on reveal (person_id, at desc);
grant select, insert on reveal to ${role};

-- How much of a day's quota a user has used, and how often more was refused.
create table daily_use (
  user_name text not null,
  day       date not null,
  kind      text not null check (kind in ('reveal', 'search')),
  used      int  not null,
  refused   int  not null default 0,
  primary key (user_name, day, kind)
);
grant select, insert, update on daily_use to ${role};

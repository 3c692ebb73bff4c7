-- Other registries from which people are fetched. What is fetched becomes the file of an import, and goes the way of every
-- list: staged, checked, matched, written, with an outcome for each row.

create table data_source (
  id             uuid        not null primary key,
  -- stands before the numbers that this source gives to people and households
  code           text        not null unique check (code ~ '^[a-z0-9][a-z0-9._-]{0,39}$'),
  name           text        not null,
  terms          jsonb       not null,
  -- what we show to be let in: a password, a token or a key
  secret_sealed  bytea,
  state          text        not null check (state in ('active', 'stopped')),
  version        int         not null default 1,
  changed_by     text        not null,
  changed_at     timestamptz not null default now()
);
grant select, insert, update on data_source to ${role};

-- What is fetched from a source, how its records are read, and when.
create table pull (
  id         uuid        not null primary key,
  -- to whose programmes its people may apply
  organisation_id smallint not null default foundation.acting_organisation() references foundation.organisation,
  source_id  uuid        not null references data_source,
  name       text        not null unique,
  -- sealed, because a query may name people
  terms_sealed bytea     not null,
  -- the identifiers that are asked for, where it is a list
  list_id    uuid,
  state      text        not null check (state in ('active', 'stopped')),
  version    int         not null default 1,
  -- when it starts by itself the next time
  next_at    timestamptz,
  changed_by text        not null,
  changed_at timestamptz not null default now()
);
create index pull_due on pull (next_at) where next_at is not null;
grant select, insert, update on pull to ${role};

-- Identifiers that a source is asked for. A list never changes; another one takes its place.
create table pull_list (
  id      uuid  not null primary key,
  pull_id uuid  not null references pull,
  sealed  bytea not null
);
create index pull_list_of on pull_list (pull_id);
grant select, insert, delete on pull_list to ${role};

alter table import drop constraint import_state_check;
alter table import add constraint import_state_check
  check (state in ('fetching', 'uploaded', 'checking', 'checked', 'applying', 'applied', 'cancelled', 'looked'));
alter table import
  add column pull_id          uuid references pull,
  -- goes on without a person unless more than this share of the people of the source would change or vanish
  add column goes_on_below    int     check (goes_on_below between 0 and 100),
  -- why it waits for a person although it was to go on by itself
  add column caution          text    not null default '',
  add column needs_identifier boolean not null default false,
  -- the source told everything it holds: whoever is missing is missing there
  add column whole            boolean not null default false,
  -- the moment at which fetching began, by the clock of the source
  add column source_time      timestamptz,
  add column unreadable       bigint  not null default 0,
  add column vanished         bigint  not null default 0,
  add column programme        text    not null default '',
  -- shows what a run would do, ends with its check and keeps no other run waiting
  add column only_look        boolean not null default false;
create unique index import_one_run_of_a_pull on import (pull_id)
  where state in ('fetching', 'checking', 'checked', 'applying') and not only_look;
create index import_of_pull on import (pull_id, created_at desc) where pull_id is not null;

-- The records of one run: each is taken once, however often the source repeats it.
create table pulled_record (
  import_id    uuid   not null references import,
  record_index bytea  not null,
  place        bigint not null,
  content_mac  bytea  not null,
  primary key (import_id, record_index)
);
grant select, insert, delete on pulled_record to ${role};

-- Whom a source means by its number of a person. The hash tells whether it says the same again; empty where it must be
-- written again.
create table source_person (
  source       text  not null,
  source_index bytea not null,
  person_id    uuid  not null references person,
  content_mac  bytea not null,
  -- the import that told of her last: only that one can miss her
  pull_id      uuid  not null references pull,
  -- in how many whole readings on end she was missing
  missed       int   not null default 0,
  missed_since date,
  primary key (source, source_index)
);
create index source_person_of on source_person (person_id);
grant select, insert, update on source_person to ${role};

-- A household that was registered before the source told of it.
create table source_household (
  source       text  not null,
  source_index bytea not null,
  household_id uuid  not null references household,
  primary key (source, source_index),
  unique (source, household_id)
);
grant select, insert, update on source_household to ${role};

-- Which import said each field last, by the name of its column; '*' stands for all that are not listed.
alter table person add column origins jsonb not null default '{}';
grant delete on import_row to ${role};
alter table import_row
  add column changed     text[],
  -- of rows that come from a source: whether they speak of the person who has their identifier
  add column given_tokens bigint[],
  add column birth_date  date;

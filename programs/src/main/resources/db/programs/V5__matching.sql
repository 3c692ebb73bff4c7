-- Blind matching (docs/decisions/0016): exchanges that partners opened with us, and lists that we fetched from them.

create table matching_exchange (
  id         uuid        not null primary key,
  organisation_id smallint    not null default foundation.acting_organisation() references foundation.organisation,
  partner_id uuid        not null,
  -- a new exchange is opened when this one is over
  current    boolean     not null default true,
  key_sealed bytea       not null,
  ready      boolean     not null default false,
  -- the list refers to programmes by their places here, from 0
  programmes text[]      not null default '{}',
  entries    bigint      not null default 0,
  -- how many identifiers the partner asked for: each is a guess that it may make
  raised     bigint      not null default 0,
  opened_at  timestamptz not null default now(),
  until      timestamptz not null
);
create unique index matching_exchange_current on matching_exchange (partner_id) where current;
grant select, insert, update, delete on matching_exchange to ${role};

create table matching_entry (
  exchange_id uuid  not null references matching_exchange,
  mark        bytea not null,
  covered     int   not null,
  primary key (exchange_id, mark)
);
grant select, insert, delete on matching_entry to ${role};

create table matching_list (
  id         uuid        not null primary key,
  source_id  uuid        not null references duplication_source,
  -- of the installation whose list it is; a source may be changed to ask another one
  sender_id  text        not null,
  exchange   uuid        not null,
  -- what is not current is of no use any more, and is destroyed part by part
  current    boolean     not null default true,
  types      text[]      not null,
  programmes text[]      not null,
  expected   bigint      not null,
  fetched    bigint      not null default 0,
  last_mark  bytea       not null default '',
  whole      boolean     not null default false,
  -- it tells how it was then, by the clock of the other installation
  begun      timestamptz not null,
  until      timestamptz not null
);
create unique index matching_list_current on matching_list (source_id) where current;
grant select, insert, update, delete on matching_list to ${role};

create table matching_mark (
  list_id uuid  not null references matching_list,
  mark    bytea not null,
  covered int   not null,
  primary key (list_id, mark)
);
grant select, insert, delete on matching_mark to ${role};

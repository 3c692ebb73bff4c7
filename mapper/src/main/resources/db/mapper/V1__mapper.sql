-- Which account a person wants to be paid on. One row per mapping that ever was; the numbers are sealed.

grant usage on schema mapper to ${role};

create table mapping (
  id         uuid        not null primary key,
  -- who: a G2P Connect id, such as uid:0198...@registry
  identity   text        not null,
  version    int         not null check (version > 0),
  fa_type    text        not null,
  provider   text        not null,
  fa_sealed  bytea       not null,
  -- keyed hashes: of the address as it is written, and of the account, which may be written in several ways
  fa_index   bytea       not null,
  account_index bytea    not null,
  state      text        not null check (state in ('active', 'ended')),
  given_at   timestamptz not null,
  linked_at  timestamptz not null,
  ended_at   timestamptz check ((state = 'ended') = (ended_at is not null)),
  cause      text        not null,
  unique (identity, version)
);
create unique index mapping_one_active on mapping (identity) where state = 'active';
create index mapping_by_account on mapping (account_index) where state = 'active';
create index mapping_by_time on mapping (linked_at desc, id);
grant select, insert, update on mapping to ${role};

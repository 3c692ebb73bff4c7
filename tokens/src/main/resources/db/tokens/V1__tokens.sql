-- Identity tokens: what is agreed with a token seeder, whom it was asked about, and what it said. People are known by their
-- keys in the registry; what names them passes through and is kept nowhere here.

grant usage on schema tokens to ${role};

create table connector (
  id            uuid        not null primary key,
  name          text        not null unique,
  state         text        not null check (state in ('draft', 'started', 'stopped', 'completed', 'failed')),
  reason        text        not null default '',
  version       int         not null,
  -- sealed, because a filter may name people
  terms_sealed  bytea       not null,
  run           int         not null default 0,
  next_run_at   timestamptz,
  -- until when the seeder is left alone after it could not be reached, and how often in a row that was
  quiet_until   timestamptz not null default 'epoch',
  silences      int         not null default 0,
  -- how many messages in a row it refused because of some record
  refusals      int         not null default 0,
  changed_by    text        not null,
  changed_at    timestamptz not null default now()
);
create index connector_by_run on connector (next_run_at) where next_run_at is not null;
grant select, insert, update, delete on connector to ${role};

-- What was agreed at each time, by whom.
create table connector_version (
  connector_id uuid        not null references connector on delete cascade,
  version      int         not null,
  terms_sealed bytea       not null,
  changed_by   text        not null,
  changed_at   timestamptz not null default now(),
  primary key (connector_id, version)
);
grant select, insert on connector_version to ${role};

-- Such as the key of a gateway before the seeder. Sealed, and never shown again.
create table connector_secret (
  connector_id uuid  not null references connector on delete cascade,
  name         text  not null,
  value_sealed bytea not null,
  primary key (connector_id, name)
);
grant select, insert, update, delete on connector_secret to ${role};

-- One person with one identifier on the way to a token.
create table tokenisation (
  id            uuid        not null primary key,
  connector_id  uuid        not null references connector on delete cascade,
  person_id     uuid        not null,
  identifier_id uuid        not null,
  data_version  text        not null,
  state         text        not null check (state in ('new', 'sent', 'failed', 'tokenised', 'collision', 'gave_up',
                                                      'left_out')),
  -- null where it waits for somebody, or for a change of the person's data
  due_at        timestamptz,
  attempts      int         not null default 0,
  -- a request with her that was refused as a whole is halved until the record at fault stands alone
  most_together int         not null default 1000,
  download      boolean     not null default false,
  -- the newest one that she was in
  request_id    uuid,
  code          text        not null default '',
  message       text        not null default '',
  changed_at    timestamptz not null default now(),
  unique (connector_id, person_id, identifier_id),
  check (due_at is null or state in ('new', 'failed'))
);
create index tokenisation_due on tokenisation (connector_id, due_at, id) where due_at is not null;
create index tokenisation_by_state on tokenisation (connector_id, state, id);
create index tokenisation_by_change on tokenisation (connector_id, changed_at desc, id);
create index tokenisation_by_person on tokenisation (person_id);
grant select, insert, update on tokenisation to ${role};

-- One message to the seeder. It is written before it is sent.
create table request (
  id             uuid        not null primary key,
  connector_id   uuid        not null references connector on delete cascade,
  run            int         not null,
  version        int         not null,
  delivery       text        not null check (delivery in ('callback', 'download')),
  state          text        not null check (state in ('sending', 'accepted', 'done', 'lost', 'refused')),
  seeder_id      text,
  people         int         not null,
  tokens         int         not null default 0,
  failed         int         not null default 0,
  -- of the address at which the answer is awaited, and of what the caller has to show there
  path_digest    bytea       unique,
  bearer_digest  bytea,
  prepared_at    timestamptz not null default now(),
  answered_at    timestamptz,
  ended_at       timestamptz,
  poll_at        timestamptz,
  polls          int         not null default 0,
  -- since when the seeder says that it is done while answers are missing
  finished_since timestamptz,
  code           text        not null default '',
  detail         text        not null default '',
  repeats        int         not null default 0,
  contradictions int         not null default 0,
  strangers      int         not null default 0
);
create index request_open on request (connector_id, poll_at) where state in ('sending', 'accepted');
create index request_by_run on request (connector_id, run) include (tokens, failed);
create index request_by_time on request (connector_id, prepared_at desc, id);
grant select, insert, update on request to ${role};

-- One person in one request, with the ground on which her data left.
create table attempt (
  ref             text        not null primary key,
  request_id      uuid        not null references request on delete cascade,
  tokenisation_id uuid        not null references tokenisation on delete cascade,
  data_version    text        not null,
  basis           text        not null,
  receipt         text,
  sent_at         timestamptz not null default now(),
  answered_at     timestamptz,
  answer_digest   bytea,
  outcome         text,
  code            text
);
create index attempt_by_request on attempt (request_id);
create index attempt_by_tokenisation on attempt (tokenisation_id, sent_at desc);
grant select, insert, update on attempt to ${role};

-- What people decided about a tokenisation, and what changed without a message.
create table tokenisation_event (
  id              uuid        not null primary key,
  tokenisation_id uuid        not null references tokenisation on delete cascade,
  at              timestamptz not null default now(),
  from_state      text        not null check (from_state in ('new', 'sent', 'failed', 'tokenised', 'collision',
                                                             'gave_up', 'left_out')),
  to_state        text        not null check (to_state in ('new', 'sent', 'failed', 'tokenised', 'collision',
                                                           'gave_up', 'left_out')),
  reason          text        not null,
  actor           text        not null
);
create index tokenisation_event_by_subject on tokenisation_event (tokenisation_id, at);
grant select, insert on tokenisation_event to ${role};

-- Two people with one token, or one person with two: somebody has to look.
create table token_case (
  id              uuid        not null primary key,
  tokenisation_id uuid        not null references tokenisation on delete cascade,
  kind            text        not null check (kind in ('same_token', 'other_token')),
  person_id       uuid        not null,
  other_person_id uuid,
  opened_at       timestamptz not null default now(),
  decided_at      timestamptz,
  decided_by      text,
  decision        text        check (decision in ('same_person', 'different_people', 'try_again')),
  reason          text,
  check ((decided_at is null) = (decision is null))
);
create unique index token_case_one_open on token_case (tokenisation_id) where decided_at is null;
create index token_case_by_time on token_case (opened_at desc, id);
grant select, insert, update on token_case to ${role};

-- When virtual IDs are taken away from people who have their token.
create table retention_rule (
  id           uuid        not null primary key,
  name         text        not null unique,
  active       boolean     not null,
  version      int         not null,
  terms_sealed bytea       not null,
  next_run_at  timestamptz,
  changed_by   text        not null,
  changed_at   timestamptz not null default now()
);
grant select, insert, update on retention_rule to ${role};

create table retention_rule_version (
  rule_id    uuid        not null references retention_rule,
  version    int         not null,
  active     boolean     not null,
  terms_sealed bytea     not null,
  changed_by text        not null,
  changed_at timestamptz not null default now(),
  primary key (rule_id, version)
);
grant select, insert on retention_rule_version to ${role};

create table retention_run (
  id         uuid        not null primary key,
  rule_id    uuid        not null references retention_rule,
  version    int         not null,
  dry_run    boolean     not null,
  started_by text        not null,
  started_at timestamptz not null default now(),
  ended_at   timestamptz,
  people     bigint      not null default 0,
  taken      bigint      not null default 0,
  failed     bigint      not null default 0
);
create index retention_run_by_time on retention_run (rule_id, started_at desc, id);
grant select, insert, update on retention_run to ${role};

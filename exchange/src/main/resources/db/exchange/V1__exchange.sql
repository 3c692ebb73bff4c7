-- Other systems, what they may know, and the messages between them and us. What messages hold is sealed
-- (columns ..._sealed) and forgotten after a while; ids of the protocol that partners choose are kept as hashes where they
-- may be of any length.

grant usage on schema exchange to ${role};

create table partner (
  id                  uuid        not null primary key,
  -- whose agreement it is: the partner is told of this organisation alone
  organisation_id     smallint    not null default foundation.acting_organisation() references foundation.organisation,
  -- the name under which it signs; never changed
  sender_id           text        not null unique
                                  check (length(sender_id) between 1 and 200 and sender_id !~ '[|"[:cntrl:]]'),
  name                text        not null check (length(name) between 1 and 120),
  state               text        not null default 'active' check (state in ('active', 'suspended')),
  client_id           text        not null unique,
  secret_hash         text        not null,
  keys_url            text,
  -- public keys that were entered by hand, as a set of RFC 7517
  own_keys            jsonb       not null default '{"keys":[]}',
  signatures          text        not null check (signatures in ('required', 'optional')),
  signature_format    text        not null
                                  check (signature_format in ('parameter_string', 'compact_jws', 'detached_jws')),
  digest_profile      text        not null check (digest_profile in ('standard', 'openspp2')),
  encryption          text        not null check (encryption in ('required', 'optional')),
  consent             text        not null check (consent in ('required', 'optional')),
  callback_url        text,
  notify_url          text,
  -- which hosts it may have us call
  hosts               text[]      not null,
  scopes              text[]      not null,
  most_items          int         not null check (most_items between 1 and 10000),
  page_size           int         not null check (page_size between 1 and 10000),
  requests_per_minute int         not null check (requests_per_minute between 1 and 1000000),
  most_subscriptions  int         not null default 100 check (most_subscriptions between 0 and 10000),
  lenient_count       boolean     not null default false,
  -- null: a message may be of any age
  freshness_seconds   int         check (freshness_seconds > 0),
  -- how long a signature may live; shorter than ids of messages are kept
  signature_seconds   int         not null default 3600 check (signature_seconds between 60 and 86400),
  created_by          text        not null,
  created_at          timestamptz not null default now(),
  updated_by          text        not null,
  updated_at          timestamptz not null default now(),
  version             int         not null default 1
);
grant select, insert, update on partner to ${role};

-- What a partner may be told of one registry's records, for one purpose; an empty purpose stands for none that is stated.
create table disclosure_rule (
  partner_id uuid   not null references partner,
  registry   text   not null,
  purpose    text   not null,
  attributes text[] not null,
  masked     text[] not null,
  primary key (partner_id, registry, purpose)
);
grant select, insert, update, delete on disclosure_rule to ${role};

-- How a partner's registry is asked by us.
create table remote_registry (
  partner_id    uuid        not null primary key references partner,
  address       text        not null,
  token_address text        not null,
  client_id     text        not null,
  secret_sealed bytea       not null,
  batch         int         not null check (batch between 1 and 10000),
  -- when an answer of it was verified last
  verified_at   timestamptz,
  updated_by    text        not null,
  updated_at    timestamptz not null default now(),
  version       int         not null default 1
);
grant select, insert, update on remote_registry to ${role};

-- Our own keys. A retired one is published until its last signature has expired, and opens what was encrypted for it.
create table own_key (
  id            uuid        not null primary key,
  purpose       text        not null check (purpose in ('sign', 'encrypt')),
  algorithm     text        not null check (algorithm in ('ed25519', 'rs256', 'es256', 'rsa-oaep-256')),
  secret_sealed bytea       not null,
  created_by    text        not null,
  created_at    timestamptz not null default now(),
  retired_at    timestamptz
);
create unique index own_key_one_active on own_key (algorithm) where retired_at is null;
grant select, insert, update on own_key to ${role};

-- Rows that come with every message do not refer to their partner by a foreign key: each check would lock the one row of a
-- partner, and all its messages would wait for each other. Partners are never removed.

-- A message takes effect once: (sender, message_id) of everything that was verified.
create table received_message (
  partner_id   uuid        not null,
  message_hash bytea       not null,
  at           timestamptz not null default now(),
  primary key (partner_id, message_hash)
);
create index received_message_by_time on received_message (at);
grant select, insert, delete on received_message to ${role};

create table transaction (
  id              uuid        not null primary key,
  partner_id      uuid        not null,
  registry        text        not null,
  action          text        not null,
  transaction_id  text        not null,
  correlation_id  text        not null unique,
  -- hashes of the reference ids of its items
  reference_keys  bigint[]    not null,
  -- where its answer is wanted; null where the partner reads it by its status only
  reply_to        text,
  encrypted       boolean     not null,
  -- the message as it was understood, with consent and purpose
  request_sealed  bytea,
  answer_sealed   bytea,
  -- hash of what the partner might know when it was answered
  rules_key       bigint,
  state           text        not null check (state in ('rcvd', 'pdng', 'succ', 'rjct')),
  attempts        int         not null default 0,
  next_try_at     timestamptz not null default now(),
  lease_until     timestamptz,
  received_at     timestamptz not null default now(),
  finished_at     timestamptz,
  check ((finished_at is null) = (state in ('rcvd', 'pdng')))
);
create index transaction_by_id on transaction (partner_id, transaction_id, received_at);
create index transaction_by_reference on transaction using gin (reference_keys);
create index transaction_due on transaction (next_try_at) where finished_at is null;
create index transaction_finished on transaction (finished_at) where answer_sealed is not null;
grant select, insert, update, delete on transaction to ${role};

-- What has to reach a partner, each exactly once as the partner sees it: its message_id never changes.
create table callback (
  id             uuid        not null primary key,
  partner_id     uuid        not null,
  registry       text        not null,
  action         text        not null,
  target         text        not null,
  -- host and port of the target
  address        text        not null,
  header         jsonb       not null,
  message_sealed bytea,
  encrypted      boolean     not null,
  subscription   text,
  -- dead: given up by us; dropped: by a person, who says why
  state          text        not null default 'pending' check (state in ('pending', 'delivered', 'dead', 'dropped')),
  attempts       int         not null default 0,
  next_try_at    timestamptz not null default now(),
  lease_until    timestamptz,
  last_error     text,
  created_at     timestamptz not null default now(),
  -- until when it is tried
  tried_until    timestamptz not null,
  ended_at       timestamptz,
  dropped_by     text,
  drop_reason    text,
  check ((state = 'dropped') = (dropped_by is not null and drop_reason is not null))
);
create index callback_due on callback (partner_id, address, next_try_at, id) where state = 'pending';
create index callback_dead on callback (partner_id, address) where state = 'dead';
create index callback_by_time on callback (created_at desc, id);
create index callback_of_subscription on callback (subscription, created_at desc) where subscription is not null;
create index callback_ended on callback (ended_at) where message_sealed is not null and state <> 'pending';
grant select, insert, update, delete on callback to ${role};

-- An address of a partner that does not take what is sent to it; gone with the first message that it takes. Others of the
-- same partner are sent to as before.
create table callback_trouble (
  partner_id   uuid        not null,
  address      text        not null,
  since        timestamptz not null,
  failures     int         not null,
  last_error   text        not null,
  -- until when nothing is sent there; null where it answers, though not well
  silent_until timestamptz,
  primary key (partner_id, address)
);
grant select, insert, update, delete on callback_trouble to ${role};

create table subscription (
  code          text        not null primary key,
  partner_id    uuid        not null references partner,
  registry      text        not null,
  event         text        not null,
  record_type   text        not null,
  filter_type   text        not null,
  filter_sealed bytea       not null,
  -- keyed hash of filter and target, to know the same wish again
  likeness      bytea       not null,
  purpose       text        not null,
  target        text        not null,
  encrypted     boolean     not null,
  starts_at     timestamptz,
  ends_at       timestamptz check (ends_at > starts_at),
  cron          text,
  next_told_at  timestamptz,
  state         text        not null default 'active' check (state in ('active', 'suspended', 'ended')),
  failures      int         not null default 0,
  -- of the message that wished for it
  correlation_id text       not null,
  created_at    timestamptz not null default now(),
  ended_at      timestamptz
);
create unique index subscription_once on subscription (partner_id, registry, event, likeness) where state <> 'ended';
create index subscription_by_event on subscription (registry, event) where state = 'active';
create index subscription_by_partner on subscription (partner_id, created_at desc);
grant select, insert, update on subscription to ${role};

-- What a partner's registry was asked, or is to be, and answers later. Its id is also its transaction_id.
create table inquiry (
  id               uuid        not null primary key,
  -- which asks; null where it is the registry of the installation
  organisation_id  smallint    default foundation.acting_organisation() references foundation.organisation,
  partner_id       uuid        not null references partner,
  registry         text        not null,
  -- who in this installation asks
  topic            text        not null,
  questions_sealed bytea       not null,
  state            text        not null default 'due' check (state in ('due', 'taken', 'ended', 'told')),
  -- whether the registry has acknowledged it, also where it has forgotten it since
  taken            boolean     not null default false,
  -- why nothing more can be known; null where everything was answered
  fault            text        check (fault in ('rejected', 'unreachable', 'unreadable', 'pending')),
  fault_sealed     bytea,
  -- of all parts of the answer
  bytes            bigint      not null default 0,
  attempts         int         not null default 0,
  next_try_at      timestamptz not null default now(),
  lease_until      timestamptz,
  deadline_at      timestamptz not null,
  asked_at         timestamptz not null default now(),
  ended_at         timestamptz
);
create index inquiry_due on inquiry (next_try_at) where state in ('due', 'taken', 'ended');
create index inquiry_ended on inquiry (ended_at) where state in ('ended', 'told');
grant select, insert, update, delete on inquiry to ${role};

-- The answer, as it was pushed: perhaps page by page, in any order.
create table inquiry_part (
  id          uuid not null primary key,
  inquiry     uuid not null references inquiry on delete cascade,
  part_sealed bytea not null
);
create index inquiry_part_by_inquiry on inquiry_part (inquiry, id);
grant select, insert, delete on inquiry_part to ${role};

-- Up to where the events of a registry have been told.
create table event_position (
  registry text not null primary key,
  position text not null
);
grant select, insert, update on event_position to ${role};

-- An event that waits for the time at which its subscription wants to be told; one row per record.
create table collected_event (
  subscription text        not null references subscription,
  record_key   uuid        not null,
  reference    text        not null,
  at           timestamptz not null,
  primary key (subscription, record_key)
);
grant select, insert, update, delete on collected_event to ${role};

-- Every message in either direction, without what it holds.
create table message_log (
  id          uuid        not null primary key,
  at          timestamptz not null default now(),
  partner_id  uuid,
  direction   text        not null check (direction in ('in', 'out')),
  registry    text        not null,
  action      text        not null,
  items       int         not null,
  outcome     text        not null,
  detail      text        not null,
  http_status int         not null,
  millis      int         not null
);
create index message_log_by_time on message_log (at desc, id);
create index message_log_by_partner on message_log (partner_id, at desc);
grant select, insert, delete on message_log to ${role};

-- An organisation sees its partners and what was exchanged with them.
alter table partner enable row level security;
create policy own_organisation on partner
  using (organisation_id = any ((select foundation.visible_organisations())::smallint[]));
alter table inquiry enable row level security;
create policy own_organisation on inquiry
  using (organisation_id is null or organisation_id = any ((select foundation.visible_organisations())::smallint[]));
alter table disclosure_rule enable row level security;
create policy of_visible_partner on disclosure_rule using (partner_id in (select id from partner));
alter table remote_registry enable row level security;
create policy of_visible_partner on remote_registry using (partner_id in (select id from partner));
alter table transaction enable row level security;
create policy of_visible_partner on transaction using (partner_id in (select id from partner));
alter table callback enable row level security;
create policy of_visible_partner on callback using (partner_id in (select id from partner));
alter table callback_trouble enable row level security;
create policy of_visible_partner on callback_trouble using (partner_id in (select id from partner));
alter table subscription enable row level security;
create policy of_visible_partner on subscription using (partner_id in (select id from partner));
alter table message_log enable row level security;
create policy of_visible_partner on message_log using (partner_id is null or partner_id in (select id from partner));

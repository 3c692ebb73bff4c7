-- Payments and their ledger. Amounts are integer minor units. Account numbers, messages to the bank and statements are
-- sealed.

grant usage on schema payments to ${role};

create function stamp_change() returns trigger language plpgsql as $$
begin
  new.changed_xid := pg_current_xact_id();
  return new;
end
$$;

-- The ledger: accounts with their two sums, and transfers that are only ever added.
create table ledger_account (
  id       int     not null generated always as identity primary key,
  code     text    not null unique,
  kind     text    not null check (kind in ('BANK', 'FUND', 'COMMITTED', 'IN_FLIGHT', 'RETURNS', 'SUSPENSE', 'BENEFIT',
                                            'APPLIED', 'FEES', 'OPENING')),
  currency char(3) not null,
  -- whose money it is; null for what the bank account of the installation holds for all
  organisation_id smallint default foundation.acting_organisation() references foundation.organisation,
  debits   bigint  not null default 0 check (debits >= 0),
  credits  bigint  not null default 0 check (credits >= 0),
  constraint of_organisation_or_installation
    check ((organisation_id is null) = (kind in ('BANK', 'SUSPENSE', 'FEES', 'OPENING'))),
  constraint never_negative check (kind not in ('FUND', 'COMMITTED', 'IN_FLIGHT', 'RETURNS') or credits >= debits)
);
create index ledger_account_by_kind on ledger_account (kind, code);
grant select, insert (code, kind, currency, organisation_id) on ledger_account to ${role};

create table envelope (
  id             uuid        not null primary key,
  organisation_id smallint    not null default foundation.acting_organisation() references foundation.organisation,
  key            text        not null unique,
  programme_code text        not null,
  programme_name text        not null,
  cycle_code     text        not null,
  currency       char(3)     not null,
  declared_count bigint      not null check (declared_count > 0),
  declared_minor bigint      not null check (declared_minor > 0),
  digest         bytea       not null,
  pay_on         date        not null,
  prepared_by    text        not null,
  approved_by    text        not null,
  released_by    text        not null,
  state          text        not null check (state in ('receiving', 'received', 'waiting_for_funds', 'funded', 'dispatched',
                                                       'closed')),
  note           text        not null default '',
  -- when the accounts and the standing of all its payments were last asked for
  checked_at     timestamptz,
  created_at     timestamptz not null default now(),
  closed_at      timestamptz,
  constraint three_different_people check (prepared_by <> approved_by and prepared_by <> released_by
                                           and approved_by <> released_by)
);
create index envelope_by_time on envelope (created_at desc, id);
create index envelope_open on envelope (id) where state <> 'closed';
grant select, insert, update on envelope to ${role};

create table disbursement (
  id             uuid   not null primary key,
  envelope_id    uuid   not null references envelope,
  line_key       text   collate "C" not null,
  beneficiary    uuid   not null,
  amount_minor   bigint not null check (amount_minor > 0),
  state          text   not null check (state in ('received', 'unresolved', 'ready', 'in_flight', 'unknown', 'paid', 'returned',
                                                  'rejected', 'cancelled', 'stopped')),
  reason         text   not null default '',
  -- the account as it was resolved, with its version
  fa_scheme      text,
  fa_provider    text,
  fa_sealed      bytea,
  fa_hash        bytea,
  fa_version     int,
  -- of the account that was approved with the list, or by two people later; another version is not paid. 0 where none was known
  account_version int  not null check (account_version >= 0),
  -- who stopped it before its bytes left, when and why
  stopped_by     text,
  stopped_at     timestamptz,
  stop_note      text   not null default '',
  reference      text   not null default '',
  settled_minor  bigint not null default 0 check (settled_minor between 0 and amount_minor),
  returned_minor bigint not null default 0 check (returned_minor between 0 and settled_minor),
  changed_xid    xid8   not null,
  unique (envelope_id, line_key),
  check (state not in ('ready', 'in_flight', 'unknown', 'paid') or fa_sealed is not null),
  check (state <> 'ready' or fa_version = account_version),
  check ((state = 'paid') = (settled_minor = amount_minor and returned_minor = 0)),
  check (state <> 'stopped' or (stopped_by is not null and stopped_at is not null))
);
-- A new envelope is in no statistics, and the planner would take its rows for one. Without any it assumes a share of all.
alter table disbursement alter column envelope_id set statistics 0;
create index disbursement_by_state on disbursement (envelope_id, state, id);
create index disbursement_waiting on disbursement (state, id desc)
  where state in ('returned', 'rejected', 'unresolved', 'unknown');
create index disbursement_of_beneficiary on disbursement (beneficiary);
create index disbursement_by_reference on disbursement (reference) where reference <> '';
create index disbursement_by_change on disbursement (changed_xid, id);
create trigger disbursement_change before insert or update on disbursement
  for each row execute function stamp_change();
grant select, insert, update on disbursement to ${role};

-- One message to the bank with the attempts in it.
create table batch (
  id             uuid        not null primary key,
  envelope_id    uuid        not null references envelope,
  message_id     text        not null unique,
  account        int         not null references ledger_account,
  item_count     int         not null check (item_count > 0),
  total_minor    bigint      not null check (total_minor > 0),
  payload_sealed bytea       not null,
  payload_hash   bytea       not null,
  state          text        not null check (state in ('prepared', 'sending', 'unknown', 'answered', 'withdrawn')),
  fence          bigint      not null default 0,
  lease_until    timestamptz,
  sent_at        timestamptz,
  next_query_at  timestamptz,
  queries        int         not null default 0,
  submissions    int         not null default 0,
  note           text        not null default '',
  created_at     timestamptz not null default now()
);
create index batch_of_envelope on batch (envelope_id, created_at);
create index batch_to_ask on batch (next_query_at) where state in ('sending', 'unknown');
create index batch_prepared on batch (envelope_id) where state = 'prepared';
grant select, insert, update on batch to ${role};

create table attempt (
  id              uuid        not null primary key,
  disbursement_id uuid        not null references disbursement,
  number          int         not null check (number > 0),
  batch_id        uuid        not null references batch,
  reference       text        not null unique check (reference ~ '^[0-9A-HJKMNP-TV-Z]{16}$'),
  amount_minor    bigint      not null check (amount_minor > 0),
  state           text        not null check (state in ('prepared', 'sending', 'unknown', 'accepted', 'rejected', 'settled',
                                                        'returned', 'returned_in_part', 'voided')),
  reason          text        not null default '',
  settled_minor   bigint      not null default 0,
  returned_minor  bigint      not null default 0,
  changed_at      timestamptz not null default now(),
  unique (disbursement_id, number)
);
-- Never two attempts at once for one obligation.
create unique index attempt_one_live on attempt (disbursement_id)
  where state in ('prepared', 'sending', 'unknown', 'accepted', 'settled');
create index attempt_of_batch on attempt (batch_id);
grant select, insert, update on attempt to ${role};

-- Which step may follow which; the database refuses any other.
create table attempt_transition (
  from_state text not null,
  to_state   text not null,
  primary key (from_state, to_state)
);
insert into attempt_transition values
  ('prepared', 'sending'), ('prepared', 'voided'),
  ('sending', 'accepted'), ('sending', 'rejected'), ('sending', 'unknown'), ('sending', 'settled'),
  -- only where it is proved that nothing was written
  ('sending', 'prepared'),
  ('unknown', 'accepted'), ('unknown', 'rejected'), ('unknown', 'settled'), ('unknown', 'sending'), ('unknown', 'voided'),
  ('accepted', 'settled'), ('accepted', 'rejected'), ('accepted', 'unknown'),
  ('settled', 'returned'), ('settled', 'returned_in_part'), ('returned_in_part', 'returned');
grant select on attempt_transition to ${role};

create function attempt_step() returns trigger language plpgsql as $$
begin
  if not exists (select from attempt_transition t where t.from_state = old.state and t.to_state = new.state) then
    raise exception 'an attempt that is % cannot become %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  return new;
end
$$;
create trigger attempt_step before update on attempt
  for each row when (old.state is distinct from new.state) execute function attempt_step();

create function attempt_is_fixed() returns trigger language plpgsql as $$
begin
  raise exception 'what an attempt pays never changes' using errcode = 'restrict_violation';
end
$$;
create trigger attempt_is_fixed before update on attempt
  for each row when ((old.disbursement_id, old.number, old.batch_id, old.reference, old.amount_minor) is distinct from
                     (new.disbursement_id, new.number, new.batch_id, new.reference, new.amount_minor))
  execute function attempt_is_fixed();

-- Money that the treasury announced, to be recognised on a statement by its reference.
create table funding (
  id             uuid        not null primary key,
  organisation_id smallint    not null default foundation.acting_organisation() references foundation.organisation,
  programme_code text        not null,
  -- whose appropriation it is, whenever the money arrives
  year           int         not null,
  currency       char(3)     not null,
  amount_minor   bigint      not null check (amount_minor > 0),
  reference      text        not null unique,
  announced_by   text        not null,
  announced_at   timestamptz not null default now(),
  received_minor bigint      not null default 0,
  received_at    timestamptz,
  withdrawn_by   text,
  check (withdrawn_by is null or received_at is null)
);
create index funding_by_time on funding (announced_at desc, id);
grant select, insert, update on funding to ${role};

create table statement (
  id             uuid        not null primary key,
  bank_account   text        not null,
  statement_id   text        not null,
  -- our own number, without gaps; banks begin theirs again, leave some out, or have none
  sequence       bigint      not null,
  bank_number    bigint,
  day            date        not null,
  currency       char(3)     not null,
  opening_minor  bigint      not null,
  closing_minor  bigint      not null,
  line_count     int         not null,
  -- of what was read, so that the same statement in other bytes is known
  content_hash   bytea       not null unique,
  file_sealed    bytea       not null,
  taken_by       text        not null,
  taken_at       timestamptz not null default now(),
  unique (bank_account, sequence)
);
-- Banks use an identifier again in another year.
create unique index statement_once on statement (bank_account, statement_id, (extract(year from day)));
grant select, insert on statement to ${role};

-- Why the next statement of the bank cannot be taken in, until it is.
create table statement_refusal (
  bank_account text        not null primary key,
  code         text        not null,
  sentence     text        not null,
  remedy       text        not null,
  first_at     timestamptz not null,
  last_at      timestamptz not null
);
grant select, insert, update, delete on statement_refusal to ${role};

create table statement_line (
  statement_id   uuid   not null references statement,
  number         int    not null,
  credit         boolean not null,
  amount_minor   bigint not null check (amount_minor > 0),
  reference      text   not null,
  bank_reference text   not null,
  return_reason  text   not null default '',
  reversal       boolean not null default false,
  charge         boolean not null,
  booked_on      date   not null,
  meaning        text   not null check (meaning in ('settlement', 'return', 'funding', 'fee', 'suspense')),
  attempt_id     uuid   references attempt,
  note           text   not null default '',
  -- what of a line in suspense is not explained yet
  open_minor     bigint not null default 0 check (open_minor between 0 and amount_minor),
  primary key (statement_id, number),
  check (meaning = 'suspense' or open_minor = 0)
);
create unique index statement_line_settles_once on statement_line (attempt_id) where meaning = 'settlement';
create index statement_line_suspense on statement_line (statement_id, number) where meaning = 'suspense';
create index statement_line_open on statement_line (reference) where open_minor > 0;
grant select, insert, update (open_minor) on statement_line to ${role};

-- What a line in suspense turned out to be: the reversal of another line (the counter line), a payment of ours, money of one that
-- came back, funds, or a fee. What people found out carries their decision.
create table clearing (
  id                   uuid        not null primary key,
  statement_id         uuid        not null,
  line_number          int         not null,
  kind                 text        not null check (kind in ('reversal', 'return', 'settlement', 'funding', 'fee',
                                                                       'surrender')),
  amount_minor         bigint      not null check (amount_minor > 0),
  counter_statement_id uuid,
  counter_line_number  int,
  attempt_id           uuid        references attempt,
  decision_id          uuid,
  cleared_at           timestamptz not null default now(),
  foreign key (statement_id, line_number) references statement_line (statement_id, number),
  foreign key (counter_statement_id, counter_line_number) references statement_line (statement_id, number),
  check ((kind = 'reversal') = (counter_line_number is not null and counter_statement_id is not null)),
  check ((kind in ('return', 'settlement')) = (attempt_id is not null))
);
create index clearing_of_line on clearing (statement_id, line_number);
create index clearing_of_counter_line on clearing (counter_statement_id, counter_line_number);
grant select, insert on clearing to ${role};

-- Entries that the bank announces and has not booked: shown, never posted.
create table pending_line (
  statement_id uuid    not null references statement,
  number       int     not null,
  credit       boolean not null,
  amount_minor bigint  not null check (amount_minor >= 0),
  reference    text    not null,
  primary key (statement_id, number)
);
grant select, insert on pending_line to ${role};

create table transfer (
  id             uuid        not null primary key,
  kind           text        not null check (kind in ('funding', 'reserve', 'send', 'unsend', 'settle', 'benefit', 'suspense',
                                                      'return', 'unbenefit', 'fee', 'reissue', 'release', 'clear', 'give_back', 'opening', 'stop',
                                                      'carry_over')),
  debit_account  int         not null references ledger_account,
  credit_account int         not null references ledger_account check (credit_account <> debit_account),
  amount_minor   bigint      not null check (amount_minor > 0),
  currency       char(3)     not null,
  envelope_id    uuid        references envelope,
  attempt_id     uuid        references attempt,
  statement_id   uuid,
  line_number    int,
  clearing_id    uuid        references clearing,
  posted_at      timestamptz not null default now(),
  foreign key (statement_id, line_number) references statement_line (statement_id, number)
);
-- An event is posted once, however often it is met.
create unique index transfer_per_attempt on transfer (kind, attempt_id) where kind in ('settle', 'benefit');
create index transfer_of_attempt on transfer (attempt_id) where attempt_id is not null;
create unique index transfer_per_line on transfer (kind, statement_id, line_number)
  where statement_id is not null and clearing_id is null;
create unique index transfer_per_clearing on transfer (kind, clearing_id) where clearing_id is not null;
create unique index transfer_per_envelope on transfer (kind, envelope_id) where kind = 'reserve';
create index transfer_by_time on transfer (posted_at desc, id);
create index transfer_by_debit on transfer (debit_account, posted_at desc, id);
create index transfer_by_credit on transfer (credit_account, posted_at desc, id);
grant select, insert on transfer to ${role};

-- The sums of the accounts follow the transfers by themselves; nobody else may touch them. Rows are locked in the order of
-- their keys, so that postings that meet wait for each other instead of blocking each other; their keys stay free, because the foreign
-- keys of both postings hold them before either comes here.
create function transfer_posted() returns trigger language plpgsql
  security definer set search_path = payments, pg_temp as $$
begin
  perform from ledger_account a
    where a.id in (select debit_account from posted union select credit_account from posted)
    order by a.id for no key update;
  if exists (select from posted p
               join ledger_account d on d.id = p.debit_account
               join ledger_account c on c.id = p.credit_account
              where d.currency <> p.currency or c.currency <> p.currency) then
    raise exception 'a transfer stays within one currency' using errcode = 'restrict_violation';
  end if;
  update ledger_account a
     set debits  = a.debits + m.debits,
         credits = a.credits + m.credits
    from (select account, sum(debit) as debits, sum(credit) as credits
            from (select debit_account as account, amount_minor as debit, 0 as credit from posted
                  union all
                  select credit_account, 0, amount_minor from posted) sides
           group by account) m
   where a.id = m.account;
  return null;
end
$$;
create trigger transfer_posted after insert on transfer
  referencing new table as posted for each statement execute function transfer_posted();

-- What one person asks for and another one decides. The kind says what; the subject is a payment, a statement, an envelope or a fund.
create table decision (
  id             uuid        not null primary key,
  organisation_id smallint    not null default foundation.acting_organisation() references foundation.organisation,
  kind           text        not null check (kind in ('declare_unpaid', 'reissue', 'accept_account', 'accept_accounts',
                                                       'give_back', 'explain_line', 'opening_balance', 'carry_over')),
  subject_id     uuid        not null,
  -- a part of the subject, such as the line of a statement; 0 for the whole
  part           int         not null default 0,
  -- what exactly is asked for, in the words of the kind
  detail         text        not null default '',
  reason         text        not null check (reason <> ''),
  asked_by       text        not null,
  asked_at       timestamptz not null default now(),
  expires_at     timestamptz not null,
  state          text        not null default 'open' check (state in ('open', 'done', 'refused', 'withdrawn', 'expired')),
  decided_by     text,
  decided_at     timestamptz,
  decided_reason text        not null default '',
  constraint decision_needs_two check (state not in ('done', 'refused') or decided_by <> asked_by),
  check (state <> 'withdrawn' or decided_by = asked_by),
  check ((state in ('open', 'expired')) = (decided_by is null))
);
create unique index decision_one_open on decision (subject_id, part) where state = 'open';
create index decision_by_time on decision (asked_at desc, id);
grant select, insert, update on decision to ${role};

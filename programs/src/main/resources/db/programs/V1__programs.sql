-- Programmes and their beneficiaries. Nothing here names a person: people and households are keys and references.

grant usage on schema programs to ${role};

-- The block's own copy of the population: what rules and amounts read, kept fresh by the registry's change feed. Rows may
-- arrive in any order, so they do not refer to each other.
create table household (
  id                   uuid    not null primary key,
  ref                  text    not null,
  active               boolean not null,
  area_path            text,
  monthly_income_minor bigint
);
create table person (
  id         uuid    not null primary key,
  ref        text    not null,
  active     boolean not null,
  sex        text,
  birth_date date
);
create table membership (
  id           uuid not null primary key,
  household_id uuid not null,
  person_id    uuid not null,
  role         text not null,
  valid_from   date not null,
  valid_to     date
);
create index membership_by_household on membership (household_id);
create index membership_by_person on membership (person_id);
grant select, insert, update on household, person, membership to ${role};

-- Who can be the subject of a programme: a person, or a household. Ids of both are never the same.
create view subject with (security_invoker = true) as
  select id, 'household'::text as kind, ref, active from household
  union all
  select id, 'person', ref, active from person;

-- The people of a subject: the members of a household in their time, and a person itself at any time.
create view subject_member with (security_invoker = true) as
  select id, household_id as subject_id, person_id, role, valid_from, valid_to from membership
  union all
  select id, id, id, 'self', date '0001-01-01', null from person;
grant select on subject, subject_member to ${role};

create table programme (
  id              uuid        not null primary key,
  organisation_id smallint    not null default foundation.acting_organisation() references foundation.organisation,
  code            text        not null unique check (code ~ '^[A-Z][A-Z0-9-]{1,19}$'),
  name            text        not null check (length(name) between 1 and 120),
  currency        char(3)     not null,
  -- of those who are assessed, enrolled and receive the benefit
  subject_kind    text        not null check (subject_kind in ('household', 'person')),
  state           text        not null check (state in ('draft', 'in_review', 'active', 'suspended', 'closed', 'cancelled')),
  current_version int,
  created_by      text        not null,
  created_at      timestamptz not null default now(),
  unique (id, subject_kind)
);
create index programme_by_time on programme (created_at desc, id);
grant select, insert, update on programme to ${role};

create table programme_version (
  programme_id uuid        not null references programme,
  version      int         not null check (version > 0),
  terms        jsonb       not null,
  digest       bytea       not null,
  author       text        not null,
  written_at   timestamptz not null default now(),
  approver     text,
  approved_at  timestamptz,
  primary key (programme_id, version),
  constraint author_is_not_approver check (approver <> author),
  check ((approver is null) = (approved_at is null))
);
grant select, insert, update on programme_version to ${role};
alter table programme add foreign key (id, current_version) references programme_version (programme_id, version);

-- Who approves what: one request per prepared thing, votes by stage. Nobody votes on what she prepared, nor twice.
create table approval_request (
  id           uuid        not null primary key,
  kind         text        not null check (kind in ('programme_version', 'cycle')),
  programme_id uuid        not null references programme,
  subject_id   uuid        not null,
  version      int         not null,
  title        text        not null,
  digest       bytea       not null,
  state        text        not null check (state in ('open', 'approved', 'rejected', 'void')),
  prepared_by  text        not null,
  prepared_at  timestamptz not null default now(),
  ended_at     timestamptz,
  unique (id, prepared_by)
);
create unique index approval_request_one_open on approval_request (kind, subject_id) where state = 'open';
create index approval_request_by_time on approval_request (prepared_at desc, id);
grant select, insert, update on approval_request to ${role};

create table approval_vote (
  request_id  uuid        not null,
  stage       int         not null check (stage in (1, 2)),
  decision    text        not null check (decision in ('approved', 'rejected')),
  voter       text        not null,
  prepared_by text        not null,
  digest      bytea       not null,
  reason      text        not null default '',
  voted_at    timestamptz not null default now(),
  primary key (request_id, stage),
  foreign key (request_id, prepared_by) references approval_request (id, prepared_by),
  constraint maker_is_not_checker check (voter <> prepared_by),
  constraint one_stage_per_voter unique (request_id, voter)
);
grant select, insert on approval_vote to ${role};

-- One reading of the rule over the whole population at one date. Preview and enrolment use the same one.
create table assessment (
  id               uuid        not null primary key,
  programme_id     uuid        not null,
  version          int         not null,
  as_of            date        not null,
  state            text        not null check (state in ('running', 'done', 'enrolled')),
  eligible         bigint      not null default 0,
  not_eligible     bigint      not null default 0,
  unknown          bigint      not null default 0,
  enrolled_already bigint      not null default 0,
  -- eligible households that left or were rejected; enrolment does not touch them
  left_before      bigint      not null default 0,
  cost_minor       bigint      not null default 0,
  created_by       text        not null,
  created_at       timestamptz not null default now(),
  ended_at         timestamptz,
  foreign key (programme_id, version) references programme_version (programme_id, version)
);
create index assessment_by_programme on assessment (programme_id, created_at desc, id);
grant select, insert, update on assessment to ${role};

create table decision (
  assessment_id uuid      not null references assessment,
  subject_id    uuid      not null,
  outcome       text      not null check (outcome in ('eligible', 'not_eligible', 'unknown')),
  -- the parts of the rule, in its order: true, false, or null for unknown
  parts         boolean[] not null,
  missing       text[]    not null,
  seen          jsonb     not null,
  amount_minor  bigint,
  primary key (assessment_id, subject_id)
);
-- A new assessment is in no statistics, and the planner would take its rows for one. Without any it assumes a share of all.
alter table decision alter column assessment_id set statistics 0;
create index decision_by_outcome on decision (assessment_id, outcome, subject_id);
grant select, insert on decision to ${role};

create table enrolment_transition (
  from_state text not null,
  to_state   text not null,
  reason     text not null,
  primary key (from_state, to_state, reason)
);
insert into enrolment_transition
select f, t, r
  from (values
    ('', 'applied', '{IMPORTED,APPLICATION,STAFF_ADD,AUTO,REAPPLIED,APPEAL_UPHELD,READMITTED}'),
    ('applied', 'enrolled', '{ELIGIBLE,OVERRIDE}'),
    ('applied', 'waitlisted', '{NO_PLACE}'),
    ('applied', 'rejected', '{NOT_ELIGIBLE,ASSESSMENT,DOCUMENTS_MISSING,WITHDRAWN,DECEASED}'),
    ('waitlisted', 'enrolled', '{PLACE_FREED}'),
    ('waitlisted', 'rejected', '{NOT_ELIGIBLE,LIST_CLOSED,WITHDRAWN,DECEASED}'),
    ('applied', 'duplicate_held', '{DUP_ID,DUP_PHONE,DUP_ACCOUNT,DUP_PERSON,DUP_LINKAGE,DUP_EXTERNAL}'),
    ('waitlisted', 'duplicate_held', '{DUP_ID,DUP_PHONE,DUP_ACCOUNT,DUP_PERSON,DUP_LINKAGE,DUP_EXTERNAL}'),
    ('enrolled', 'duplicate_held', '{DUP_ID,DUP_PHONE,DUP_ACCOUNT,DUP_PERSON,DUP_LINKAGE,DUP_EXTERNAL}'),
    ('suspended', 'duplicate_held', '{DUP_ID,DUP_PHONE,DUP_ACCOUNT,DUP_PERSON,DUP_LINKAGE,DUP_EXTERNAL}'),
    ('duplicate_held', 'applied', '{NOT_DUPLICATE}'),
    ('duplicate_held', 'waitlisted', '{NOT_DUPLICATE}'),
    ('duplicate_held', 'enrolled', '{NOT_DUPLICATE}'),
    ('duplicate_held', 'suspended', '{NOT_DUPLICATE}'),
    ('duplicate_held', 'rejected', '{CONFIRMED_DUPLICATE}'),
    ('duplicate_held', 'exited', '{CONFIRMED_DUPLICATE}'),
    ('enrolled', 'suspended',
     '{NON_COMPLIANT,NO_PROOF_OF_LIFE,ACCOUNT_PROBLEM,UNDER_INVESTIGATION,OTHER_PROGRAMME,REASSESSMENT_DUE,UNREACHABLE}'),
    ('suspended', 'enrolled', '{CAUSE_CLEARED,APPEAL_UPHELD}'),
    ('enrolled', 'exited',
     '{DECEASED,AGED_OUT,NOT_ELIGIBLE,GRADUATED,MOVED,WITHDRAWN,FRAUD,HOUSEHOLD_ENDED,MERGED,PROGRAMME_ENDED}'),
    ('suspended', 'exited',
     '{DECEASED,AGED_OUT,NOT_ELIGIBLE,GRADUATED,MOVED,WITHDRAWN,FRAUD,HOUSEHOLD_ENDED,MERGED,PROGRAMME_ENDED}')
  ) as allowed(f, t, reasons)
 cross join lateral unnest(reasons::text[]) as r;
grant select on enrolment_transition to ${role};

create table enrolment (
  id           uuid        not null primary key,
  programme_id uuid        not null,
  subject_kind text        not null,
  subject_id   uuid        not null,
  state        text        not null check (state in ('applied', 'waitlisted', 'enrolled', 'suspended', 'duplicate_held',
                                                     'rejected', 'exited')),
  reason       text        not null,
  note         text        not null default '',
  changed_by   text        not null,
  cause        text        not null,
  changed_at   timestamptz not null default now(),
  foreign key (programme_id, subject_kind) references programme (id, subject_kind)
);
create unique index enrolment_one_live on enrolment (programme_id, subject_id)
  where state not in ('rejected', 'exited');
create index enrolment_by_state on enrolment (programme_id, state, subject_id);
create index enrolment_by_subject on enrolment (subject_id);
create index enrolment_by_time on enrolment (programme_id, changed_at desc, id);
grant select, insert, update on enrolment to ${role};

create table enrolment_history (
  number       bigint      not null generated always as identity primary key,
  enrolment_id uuid        not null references enrolment,
  from_state   text        not null,
  to_state     text        not null,
  reason       text        not null,
  note         text        not null,
  changed_by   text        not null,
  cause        text        not null,
  changed_at   timestamptz not null,
  foreign key (from_state, to_state, reason) references enrolment_transition
);
create index enrolment_history_of on enrolment_history (enrolment_id, number);
grant select on enrolment_history to ${role};

-- Every change is written into the history, which refuses what the table of transitions does not list.
create function enrolment_inserted() returns trigger language plpgsql
  security definer set search_path = programs, pg_temp as $$
begin
  insert into enrolment_history (enrolment_id, from_state, to_state, reason, note, changed_by, cause, changed_at)
  select id, '', state, reason, note, changed_by, cause, changed_at from added;
  return null;
end
$$;
create trigger enrolment_inserted after insert on enrolment
  referencing new table as added for each statement execute function enrolment_inserted();

create function enrolment_changed() returns trigger language plpgsql
  security definer set search_path = programs, pg_temp as $$
begin
  insert into enrolment_history (enrolment_id, from_state, to_state, reason, note, changed_by, cause, changed_at)
  select a.id, b.state, a.state, a.reason, a.note, a.changed_by, a.cause, a.changed_at
    from after_change a
    join before_change b on b.id = a.id;
  return null;
end
$$;
create trigger enrolment_changed after update on enrolment
  referencing old table as before_change new table as after_change
  for each statement execute function enrolment_changed();

-- Staff end an enrolment by two people: one asks for it, an approver decides. A duplicate ends by the review of an approver.
create table enrolment_end (
  id           uuid        not null primary key,
  enrolment_id uuid        not null references enrolment,
  to_state     text        not null check (to_state in ('exited', 'rejected')),
  reason       text        not null,
  note         text        not null,
  asked_by     text        not null,
  asked_at     timestamptz not null default now(),
  state        text        not null default 'open' check (state in ('open', 'done', 'refused', 'withdrawn')),
  decided_by   text,
  decided_at   timestamptz,
  answer       text        not null default '',
  constraint end_needs_two check (state not in ('done', 'refused') or decided_by <> asked_by),
  check ((state = 'open') = (decided_by is null) and (state = 'open') = (decided_at is null))
);
create unique index enrolment_end_one_open on enrolment_end (enrolment_id) where state = 'open';
create index enrolment_end_by_time on enrolment_end (asked_at desc, id);
create index enrolment_end_waiting on enrolment_end (asked_at desc, id) where state = 'open';
create index enrolment_end_of on enrolment_end (enrolment_id, asked_at desc);
grant select, insert, update on enrolment_end to ${role};

create table cycle (
  id            uuid        not null primary key,
  programme_id  uuid        not null references programme,
  version       int         not null,
  code          text        not null check (code ~ '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,29}$'),
  as_of         date        not null,
  pay_on        date        not null,
  state         text        not null check (state in ('planned', 'frozen', 'accounts', 'computed', 'list_approved', 'released',
                                                      'closed', 'cancelled')),
  digest        bytea,
  lines_digest  bytea,
  households    bigint      not null default 0,
  -- before the list is computed: lines with an amount, and those of them with a new or shared account
  payable       bigint      not null default 0,
  concerns      bigint      not null default 0,
  total_minor   bigint      not null default 0,
  summary       jsonb       not null default '{}',
  payment_state text        not null default '',
  payment_note  text        not null default '',
  opened_by     text        not null,
  opened_at     timestamptz not null default now(),
  closed_at     timestamptz,
  cancelled_by  text,
  cancel_reason text        not null default '',
  check ((state = 'cancelled') = (cancelled_by is not null)),
  check (state <> 'cancelled' or (closed_at is not null and cancel_reason <> '')),
  foreign key (programme_id, version) references programme_version (programme_id, version)
);
create unique index cycle_code on cycle (programme_id, code) where state <> 'cancelled';
create index cycle_by_time on cycle (opened_at desc, id);
create index cycle_released on cycle (id) where state = 'released';
grant select, insert, update on cycle to ${role};

-- The roster: what was true of each subject when the cycle was opened. Later changes in the registry change nothing here.
create table roster (
  cycle_id             uuid not null references cycle,
  subject_id           uuid not null,
  subject_ref          text not null,
  enrolment_id         uuid not null references enrolment,
  payee_id             uuid,
  size                 int  not null,
  area_path            text,
  monthly_income_minor bigint,
  exception            text check (exception in ('HOUSEHOLD_INACTIVE', 'NO_HEAD', 'HEAD_INACTIVE', 'NO_MEMBERS',
                                                                       'PERSON_INACTIVE', 'NO_GUARDIAN', 'AGE_UNKNOWN')),
  primary key (cycle_id, subject_id)
);
-- A new cycle is in no statistics, and the planner would take its rows for one. Without any it assumes a share of all.
alter table roster alter column cycle_id set statistics 0;
grant select, insert on roster to ${role};

create table roster_member (
  cycle_id     uuid not null,
  subject_id   uuid not null,
  person_id    uuid not null,
  role         text not null,
  sex          text,
  birth_date   date,
  primary key (cycle_id, subject_id, person_id),
  foreign key (cycle_id, subject_id) references roster
);
alter table roster_member alter column cycle_id set statistics 0;
grant select, insert on roster_member to ${role};

create table entitlement (
  cycle_id       uuid   not null,
  subject_id     uuid   not null,
  payee_id       uuid,
  amount_minor   bigint check (amount_minor >= 0),
  -- how many members each band of the benefit counted, in its order
  counted        int[]  not null,
  state          text   not null check (state in ('computed', 'held', 'nil', 'instructed', 'settled', 'failed', 'returned',
                                                  'unknown', 'cancelled')),
  reason         text   not null default '',
  -- the account of the payee as it is approved: its version, 0 where none is known, and a keyed hash that says whether two are the same
  account_version int   not null default 0 check (account_version >= 0),
  account_mark   bytea  check ((account_mark is null) = (account_version = 0)),
  -- of the account that was accepted after the list was approved, and is paid instead; null where it is that of the list
  paid_version   int    check (paid_version >= 0),
  payment_ref    text   not null default '',
  settled_minor  bigint not null default 0,
  returned_minor bigint not null default 0,
  primary key (cycle_id, subject_id),
  foreign key (cycle_id, subject_id) references roster,
  check (state in ('held', 'nil') or (amount_minor > 0 and payee_id is not null))
);
alter table entitlement alter column cycle_id set statistics 0;
create index entitlement_by_state on entitlement (cycle_id, state, subject_id);
create index entitlement_by_subject on entitlement (subject_id);
create index entitlement_by_account on entitlement (account_mark, cycle_id) where account_mark is not null;
grant select, insert, update on entitlement to ${role};

-- Who is paid how much never changes once it is computed; only what became of the payment does.
create function entitlement_is_fixed() returns trigger language plpgsql as $$
begin
  raise exception 'an entitlement does not change after it was computed' using errcode = 'restrict_violation';
end
$$;
create trigger entitlement_is_fixed before update on entitlement
  for each row when ((old.payee_id, old.amount_minor, old.counted) is distinct from
                     (new.payee_id, new.amount_minor, new.counted)
                     or (old.account_mark is not null
                         and (old.account_version, old.account_mark) is distinct from (new.account_version, new.account_mark)))
  execute function entitlement_is_fixed();

-- Lines whose account is new since the last payment of the household, or serves more than one household. They are held until a
-- person other than the one who opened the cycle accepts them.
create table account_concern (
  cycle_id     uuid not null,
  subject_id   uuid not null,
  kind         text not null check (kind in ('new', 'shared', 'new_and_shared')),
  -- how many households of this list are paid on the account; counted up to 1000
  households   int  not null check (households > 0),
  opened_by    text not null,
  decision     text check (decision in ('accepted', 'left_out')),
  decided_by   text check (decided_by <> opened_by),
  decided_at   timestamptz,
  primary key (cycle_id, subject_id),
  foreign key (cycle_id, subject_id) references entitlement,
  check ((decision is null) = (decided_by is null) and (decision is null) = (decided_at is null))
);
create index account_concern_open on account_concern (cycle_id, subject_id) where decision is null;
grant select, insert, update on account_concern to ${role};

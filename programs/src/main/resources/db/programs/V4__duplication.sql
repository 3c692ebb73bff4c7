-- Whether people are beneficiaries elsewhere, as other registries of beneficiaries say. People are keys here as everywhere;
-- what identifies them passes through the port and is kept nowhere.

create table duplication_source (
  id             uuid        not null primary key,
  organisation_id smallint    not null default foundation.acting_organisation() references foundation.organisation,
  name           text        not null unique,
  -- of the partner whose registry is asked
  sender_id      text        not null,
  manner         text        not null check (manner in ('at_once', 'later', 'blind')),
  active         boolean     not null,
  -- on what ground identifiers leave; written down with each attempt
  basis          text        not null,
  -- codes under which our own programmes are known there; an enrolment in one of them is no duplicate
  own_programmes text[]      not null,
  recheck_days   int         check (recheck_days between 1 and 3650),
  version        int         not null default 1,
  changed_by     text        not null,
  changed_at     timestamptz not null default now()
);
grant select, insert, update on duplication_source to ${role};

-- Programmes that admit nobody whom this source does not clear.
create table duplication_gate (
  programme_id uuid not null references programme,
  source_id    uuid not null references duplication_source,
  primary key (programme_id, source_id)
);
grant select, insert, delete on duplication_gate to ${role};

create table duplication_check (
  id            uuid        not null primary key,
  source_id     uuid        not null references duplication_source,
  person_id     uuid        not null,
  state         text        not null check (state in ('ready', 'checking', 'completed', 'failed')),
  result        text        not null check (result in ('not_checked', 'no_match', 'possible_match', 'confirmed_match',
                                                       'inconclusive')),
  -- some identifier could not be asked for, beside one that matched
  incomplete    boolean     not null default false,
  matched       jsonb       not null default '[]',
  error         text        not null default '',
  attempts      int         not null default 0,
  attempt_id    uuid,
  next_try_at   timestamptz,
  claimed_until timestamptz,
  asked_at      timestamptz,
  answered_at   timestamptz,
  review        text        check (review in ('open', 'no_duplicate', 'duplicate')),
  reviewed_by   text,
  reviewed_at   timestamptz,
  review_reason text,
  changed_at    timestamptz not null default now(),
  unique (source_id, person_id),
  check ((state = 'completed') = (result in ('no_match', 'possible_match', 'confirmed_match'))),
  check ((review in ('no_duplicate', 'duplicate')) = (reviewed_by is not null))
);
create index duplication_check_due on duplication_check (source_id, next_try_at, id) where next_try_at is not null;
create index duplication_check_by_person on duplication_check (person_id);
create index duplication_check_by_result on duplication_check (source_id, result, changed_at desc, id);
create index duplication_check_to_review on duplication_check (changed_at desc, id) where review = 'open';
create index duplication_check_by_time on duplication_check (changed_at desc, id);
create index duplication_check_answered on duplication_check (source_id, answered_at) where state = 'completed';
grant select, insert, update on duplication_check to ${role};

-- Every time that a registry was asked, with what it said of each identifier: types and programmes, never values.
create table duplication_attempt (
  id          uuid        not null primary key,
  check_id    uuid        not null references duplication_check,
  inquiry_id  uuid,
  basis       text        not null,
  asked_by    text        not null,
  asked_at    timestamptz not null,
  answered_at timestamptz,
  result      text,
  evidence    jsonb
);
create index duplication_attempt_of on duplication_attempt (check_id, asked_at desc);
create index duplication_attempt_open on duplication_attempt (inquiry_id) where answered_at is null and inquiry_id is not null;
grant select, insert, update on duplication_attempt to ${role};

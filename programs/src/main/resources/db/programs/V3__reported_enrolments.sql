-- Enrolments in programmes of others, as those report them. The person is a key here as everywhere; a programme of others is
-- known by its code, and by who reports it.
create table reported_enrolment (
  id             uuid        not null primary key,
  organisation_id smallint    not null default foundation.acting_organisation() references foundation.organisation,
  reporter       text        not null,
  programme_code text        not null,
  programme_name text        not null,
  person_id      uuid        not null,
  status         text        not null check (status in ('1', '2', '3', '4')),
  enrolled_on    date,
  reported_at    timestamptz not null,
  unique (reporter, programme_code, person_id)
);
create index reported_enrolment_by_person on reported_enrolment (person_id);
create index reported_enrolment_by_programme on reported_enrolment (programme_code, status);
grant select, insert, update on reported_enrolment to ${role};

-- Numbered together with the steps of our own enrolments: both are told in one order.
create table reported_enrolment_history (
  number      bigint      not null default nextval('enrolment_history_number_seq') primary key,
  reported_id uuid        not null references reported_enrolment,
  from_status text,
  to_status   text        not null,
  reported_at timestamptz not null,
  changed_xid xid8        not null default pg_current_xact_id()
);
create index reported_enrolment_history_by_change on reported_enrolment_history (changed_xid, number);
create index reported_enrolment_history_of on reported_enrolment_history (reported_id, number);
grant select on reported_enrolment_history to ${role};

create function reported_enrolment_changed() returns trigger language plpgsql
  security definer set search_path = programs, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into reported_enrolment_history (reported_id, to_status, reported_at)
    values (new.id, new.status, new.reported_at);
  elsif new.status <> old.status then
    insert into reported_enrolment_history (reported_id, from_status, to_status, reported_at)
    values (new.id, old.status, new.status, new.reported_at);
  end if;
  return null;
end
$$;
create trigger reported_enrolment_changed after insert or update on reported_enrolment
  for each row execute function reported_enrolment_changed();

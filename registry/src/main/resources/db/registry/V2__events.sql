-- What happens that partners may want to be told of: people who are registered, and people who join a household. It is
-- written only while somebody listens, and forgotten after a while.

create table event_audience (
  event text not null primary key check (event in ('REGISTER', 'NewHouseHoldMember'))
);
grant select, insert, delete on event_audience to ${role};

create table event (
  number       bigint      not null generated always as identity primary key,
  event        text        not null,
  person_id    uuid        not null,
  household_id uuid,
  at           timestamptz not null default now(),
  changed_xid  xid8        not null default pg_current_xact_id()
);
create index event_by_change on event (changed_xid, number);
create index event_by_time on event (at);
grant select, insert, delete on event to ${role};

create function note_registration() returns trigger language plpgsql as $$
begin
  if exists (select from event_audience where event = 'REGISTER') then
    insert into event (event, person_id) select 'REGISTER', id from added;
  end if;
  return null;
end
$$;
create trigger note_registration after insert on person
  referencing new table as added for each statement execute function note_registration();

create function note_new_member() returns trigger language plpgsql as $$
begin
  if exists (select from event_audience where event = 'NewHouseHoldMember') then
    insert into event (event, person_id, household_id)
    select 'NewHouseHoldMember', person_id, household_id from added where valid_to is null or valid_to > valid_from;
  end if;
  return null;
end
$$;
create trigger note_new_member after insert on membership
  referencing new table as added for each statement execute function note_new_member();

-- Steps of enrolments in the order of their transactions, so that a reader of the feed misses none that commits late.
alter table enrolment_history add column changed_xid xid8 not null default pg_current_xact_id();
create index enrolment_history_by_change on enrolment_history (changed_xid, number);

-- Up to when every change is to be seen: whatever an open transaction has changed, or will change, bears a later stamp than its
-- beginning. Asked for before the picture is taken that is answered from. In whole seconds, as moments are told.
select date_trunc('second', least(statement_timestamp(), min(coalesce(a.xact_start, timestamptz '1970-01-01Z')))) as settled
from pg_stat_activity a
where a.datname = current_database() and a.backend_xid is not null

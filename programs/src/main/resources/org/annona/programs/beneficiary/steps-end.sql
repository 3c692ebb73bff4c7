-- The position of who wants to hear of what comes from now on.
select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text as xid

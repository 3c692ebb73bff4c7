select d.id, e.key, d.line_key, d.state, d.reason, d.reference, d.settled_minor, d.returned_minor,
       d.account_version, d.changed_xid::text
  from disbursement d
  join envelope e on e.id = d.envelope_id
 where (d.changed_xid, d.id) > (:xid::xid8, :id::uuid)
   and d.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
 order by d.changed_xid, d.id
 limit :limit

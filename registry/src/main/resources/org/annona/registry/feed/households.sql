select h.id, h.ref, h.status = 'active' as active, a.path as area_path, h.monthly_income_minor, h.changed_xid::text
  from household h
  left join area a on a.id = h.area_id
 where (h.changed_xid, h.id) > (:xid::xid8, :id::uuid)
   and h.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
 order by h.changed_xid, h.id
 limit :limit

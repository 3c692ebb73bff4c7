update entitlement e
   set account_version = n.version, account_mark = n.mark
  from unnest(:household::uuid[], :version::int[], :mark::bytea[]) as n(subject_id, version, mark)
 where e.cycle_id = :cycle and e.subject_id = n.subject_id and e.state = 'computed'

update entitlement e
   set state          = n.state,
       reason         = n.reason,
       payment_ref    = n.reference,
       settled_minor  = n.settled,
       returned_minor = n.returned,
       paid_version   = nullif(n.version, e.account_version)
  from unnest(:cycle::uuid[], :household::uuid[], :state::text[], :reason::text[], :reference::text[],
              :settled::bigint[], :returned::bigint[], :version::int[])
         as n(cycle_id, subject_id, state, reason, reference, settled, returned, version)
 where e.cycle_id = n.cycle_id and e.subject_id = n.subject_id
   and e.state not in ('held', 'nil')

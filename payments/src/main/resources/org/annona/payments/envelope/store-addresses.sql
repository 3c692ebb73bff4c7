update disbursement d
   set state       = n.state,
       reason      = n.reason,
       fa_scheme   = n.scheme,
       fa_provider = n.provider,
       fa_sealed   = n.sealed,
       fa_hash     = n.hash,
       fa_version  = n.version
  from unnest(:id::uuid[], :state::text[], :reason::text[], :scheme::text[], :provider::text[], :sealed::bytea[],
              :hash::bytea[], :version::int[]) as n(id, state, reason, scheme, provider, sealed, hash, version)
 where d.id = n.id and d.state = 'received'

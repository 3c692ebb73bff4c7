update disbursement d
   set state       = n.state,
       reason      = n.reason,
       fa_scheme   = n.scheme,
       fa_provider = n.provider,
       fa_sealed   = n.sealed,
       fa_hash     = n.hash,
       fa_version  = n.version
  from unnest(:id::uuid[], :state::text[], :reason::text[], :scheme::text[], :provider::text[], :sealed::bytea[],
              :hash::bytea[], :version::int[], :approved::int[])
         as n(id, state, reason, scheme, provider, sealed, hash, version, approved)
 -- Where two people accepted another version meanwhile, this look tells nothing and is made again.
 where d.id = n.id and d.state = 'received' and d.account_version = n.approved

-- The data left when the request did.
insert into attempt (ref, request_id, tokenisation_id, data_version, basis, sent_at)
select n.ref, r.id, n.tokenisation_id, n.data_version, :basis, r.prepared_at
  from unnest(:refs::text[], :tokenisations::uuid[], :versions::text[]) as n(ref, tokenisation_id, data_version)
  join request r on r.id = :request
on conflict (ref) do nothing

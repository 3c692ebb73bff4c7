insert into attempt (ref, request_id, tokenisation_id, data_version, basis, sent_at)
select n.ref, :request, n.tokenisation_id, n.data_version, :basis, :sent
  from unnest(:refs::text[], :tokenisations::uuid[], :versions::text[]) as n(ref, tokenisation_id, data_version)
on conflict (ref) do nothing

insert into submission as s (connector_id, submission_id, window_id, submitted_at, tokenisation_id, code, seen_at)
select :connector, n.submission_id, :window, n.submitted_at, n.tokenisation_id, n.code, :now
  from unnest(:submissions::text[], :times::timestamptz[], :tokenisations::uuid[], :codes::text[])
       as n(submission_id, submitted_at, tokenisation_id, code)
on conflict (connector_id, submission_id) do update
   set window_id = excluded.window_id, submitted_at = excluded.submitted_at, seen_at = excluded.seen_at,
       tokenisation_id = coalesce(excluded.tokenisation_id, s.tokenisation_id),
       code = case when coalesce(excluded.tokenisation_id, s.tokenisation_id) is null then excluded.code else '' end

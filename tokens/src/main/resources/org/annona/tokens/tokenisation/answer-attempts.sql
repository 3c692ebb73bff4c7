update attempt a
   set answered_at = :now, outcome = s.outcome, code = s.code, answer_digest = s.digest
  from unnest(:refs::text[], :outcomes::text[], :codes::text[], :digests::bytea[]) as s(ref, outcome, code, digest)
 where a.ref = s.ref and a.request_id = :request and a.answered_at is null
returning a.ref

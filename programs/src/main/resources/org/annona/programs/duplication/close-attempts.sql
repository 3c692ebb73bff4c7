update duplication_attempt a
   set answered_at = :now, result = v.result, evidence = v.evidence::jsonb
  from unnest(:attempts::uuid[], :results::text[], :evidences::text[]) as v(id, result, evidence)
 where a.id = v.id and a.answered_at is null

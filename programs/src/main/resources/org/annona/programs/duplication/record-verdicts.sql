-- The newest attempt decides; what an older one says later is kept with it and changes nothing.
update duplication_check c
   set state = v.state, result = v.result, incomplete = v.incomplete, matched = v.matched::jsonb, error = v.error,
       -- An outage is no answer, and uses up no attempt.
       attempts = case when v.outage then greatest(c.attempts - 1, 0) else c.attempts end,
       next_try_at = v.next_try_at, claimed_until = null, answered_at = :now, changed_at = :now,
       review = case when v.result in ('possible_match', 'confirmed_match') then
                       case when c.review in ('no_duplicate', 'duplicate') and c.matched = v.matched::jsonb then c.review
                            else 'open' end
                     when c.review = 'open' and v.result = 'no_match' then null
                     else c.review end,
       reviewed_by = case when v.result in ('possible_match', 'confirmed_match') and c.matched <> v.matched::jsonb
                          then null else c.reviewed_by end
  from unnest(:ids::uuid[], :attempts::uuid[], :states::text[], :results::text[], :incompletes::boolean[],
              :matches::text[], :errors::text[], :nexts::timestamptz[], :outages::boolean[])
       as v(id, attempt_id, state, result, incomplete, matched, error, next_try_at, outage)
 where c.id = v.id and c.attempt_id = v.attempt_id and c.state = 'checking'
returning c.id

-- People of a form who are due are asked for again with the moment of their submission; moments within a minute are one part.
with due as (
  select id from tokenisation where connector_id = :connector and due_at <= :now for update
), again as (
  select s.tokenisation_id, coalesce(s.submitted_at, w.from_at) as first,
         coalesce(s.submitted_at + interval '1 millisecond', w.to_at) as past
    from submission s
    join due on due.id = s.tokenisation_id
    join form_window w on w.id = s.window_id
   where w.form_digest = :form
), parts as (
  insert into form_window (id, connector_id, form_digest, from_at, to_at, due_at)
  select gen_random_uuid(), :connector, :form, lower(part), upper(part) - interval '1 minute', :now
    from (select range_agg(tstzrange(first, past + interval '1 minute')) as parts from again) merged
    cross join unnest(merged.parts) as part
)
update tokenisation t
   set state = 'failed', due_at = null, changed_at = :now,
       code = case when asked.is then 'LOCAL-WINDOW' else 'LOCAL-FORM' end,
       message = case when asked.is then 'her submission is asked for again; the form has not named her since'
                      else 'the form that named her is not read any more' end
  from due
  cross join lateral (select exists (select from again where again.tokenisation_id = due.id) as is) asked
 where t.id = due.id

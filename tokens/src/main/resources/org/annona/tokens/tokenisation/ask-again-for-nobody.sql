-- The same for submissions in which nobody was known.
insert into form_window (id, connector_id, form_digest, from_at, to_at, due_at)
select gen_random_uuid(), :connector, :form,
       case when bool_or(s.submitted_at is null) then min(w.from_at) else min(s.submitted_at) end,
       case when bool_or(s.submitted_at is null) then max(w.to_at) else max(s.submitted_at) + interval '1 millisecond' end,
       :now
  from submission s
  join form_window w on w.id = s.window_id
 where s.connector_id = :connector and s.tokenisation_id is null and w.form_digest = :form
   and (:code = '' or s.code = :code)
 group by s.window_id

-- The same for submissions in which nobody was found, unless they are asked for already.
with again as (
  select coalesce(s.submitted_at, w.from_at) as first,
         coalesce(s.submitted_at + interval '1 millisecond', w.to_at) as past
    from submission s
    join form_window w on w.id = s.window_id
   where s.connector_id = :connector and s.tokenisation_id is null and w.form_digest = :form
     and (:code = '' or s.code = :code)
     and not exists (select from form_window d
                      where d.connector_id = :connector and d.form_digest = :form
                        and d.from_at <= coalesce(s.submitted_at, w.from_at)
                        and d.to_at > coalesce(s.submitted_at, w.from_at)
                        and (d.due_at is not null
                             or exists (select from request r
                                         where r.id = d.request_id and r.state in ('sending', 'accepted'))))
)
insert into form_window (id, connector_id, form_digest, from_at, to_at, due_at)
select gen_random_uuid(), :connector, :form, lower(part), upper(part) - interval '1 minute', :now
  from (select range_agg(tstzrange(first, past + interval '1 minute')) as parts from again) merged
  cross join unnest(merged.parts) as part

-- The members of households that are in a programme, or want to be, a part at a time; whoever was checked lately is left.
with part as (
  select distinct m.person_id
    from enrolment e
    join subject_member m on m.subject_id = e.subject_id and m.valid_from <= :today
                     and (m.valid_to is null or m.valid_to > :today)
    join person p on p.id = m.person_id and p.active
   where e.programme_id = :programme and e.state not in ('rejected', 'exited') and m.person_id > :after
   order by m.person_id
   limit :most
),
entered as (
  insert into duplication_check as c (id, source_id, person_id, state, result, next_try_at)
  select gen_random_uuid(), :source, person_id, 'ready', 'not_checked', :now from part
  on conflict (source_id, person_id) do update
     set state = 'ready', next_try_at = excluded.next_try_at, attempts = 0, error = '', changed_at = :now,
         result = 'not_checked'
   where c.state = 'failed' and c.next_try_at is null
      or c.state = 'ready' and c.next_try_at is null
      or c.state = 'completed' and c.answered_at < :older_than and c.review is distinct from 'open'
  returning 1
)
select (select person_id from part order by person_id desc limit 1) as last, (select count(*) from part) as looked_at,
       (select count(*) from entered) as entered

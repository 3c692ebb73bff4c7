-- For each of these lines the other households with a line on the same account, in this list or in any that is not cancelled. Not counted
-- to the end: the account of an agent may serve a hundred thousand.
select l.subject_id, o.subject_id as other_id, r.subject_ref, r.enrolment_id, r.payee_id, o.others, o.lines = 1000 as at_least
  from entitlement l
 cross join lateral (
        select s.subject_id, (array_agg(s.cycle_id order by s.cycle_id = :cycle desc, s.cycle_id))[1] as cycle_id,
               count(*) over () as others, sum(count(*)) over () as lines
          from (select e.subject_id, e.cycle_id
                  from entitlement e
                  join cycle c on c.id = e.cycle_id and c.state <> 'cancelled'
                 where e.account_mark = l.account_mark and e.payee_id is distinct from l.payee_id
                   and (e.cycle_id = :cycle or e.state not in ('held', 'nil', 'cancelled'))
                 limit 1000) s
         group by s.subject_id
         order by s.subject_id
         limit :most) o
  join roster r on r.cycle_id = o.cycle_id and r.subject_id = o.subject_id
 where l.cycle_id = :cycle and l.subject_id = any (:household::uuid[])
 order by l.subject_id, r.subject_ref

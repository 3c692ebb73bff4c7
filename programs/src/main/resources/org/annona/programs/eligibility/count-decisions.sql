-- What enrolment will do: households that were in the programme and ended stay out, and those that applied are enrolled.
update assessment a
   set state            = 'done',
       eligible         = c.eligible,
       not_eligible     = c.not_eligible,
       unknown          = c.unknown,
       enrolled_already = c.enrolled_already,
       left_before      = c.left_before,
       cost_minor       = c.cost_minor,
       ended_at         = :now
  from (select count(*) filter (where d.outcome = 'eligible') as eligible,
               count(*) filter (where d.outcome = 'not_eligible') as not_eligible,
               count(*) filter (where d.outcome = 'unknown') as unknown,
               count(*) filter (where d.outcome = 'eligible' and e.inside) as enrolled_already,
               count(*) filter (where d.outcome = 'eligible' and e.ended) as left_before,
               coalesce(sum(d.amount_minor) filter (where d.outcome = 'eligible' and e.ended is not true), 0) as cost_minor
          from decision d
          join assessment own on own.id = d.assessment_id
          left join lateral (
                 select bool_or(n.state not in ('rejected', 'exited', 'applied')) as inside,
                        bool_and(n.state in ('rejected', 'exited')) as ended
                   from enrolment n
                  where n.programme_id = own.programme_id and n.subject_id = d.subject_id) e on true
         where d.assessment_id = :assessment) c
 where a.id = :assessment

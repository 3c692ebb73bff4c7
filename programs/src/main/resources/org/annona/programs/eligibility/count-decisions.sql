update assessment a
   set state            = 'done',
       eligible         = c.eligible,
       not_eligible     = c.not_eligible,
       unknown          = c.unknown,
       enrolled_already = c.enrolled_already,
       cost_minor       = c.cost_minor,
       ended_at         = :now
  from (select count(*) filter (where d.outcome = 'eligible') as eligible,
               count(*) filter (where d.outcome = 'not_eligible') as not_eligible,
               count(*) filter (where d.outcome = 'unknown') as unknown,
               count(*) filter (where d.outcome = 'eligible' and e.id is not null) as enrolled_already,
               coalesce(sum(d.amount_minor) filter (where d.outcome = 'eligible'), 0) as cost_minor
          from decision d
          join assessment own on own.id = d.assessment_id
          left join enrolment e
            on e.programme_id = own.programme_id and e.household_id = d.household_id
           and e.state not in ('rejected', 'exited')
         where d.assessment_id = :assessment) c
 where a.id = :assessment

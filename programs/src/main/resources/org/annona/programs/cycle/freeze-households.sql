insert into roster (cycle_id, subject_id, subject_ref, enrolment_id, payee_id, size, area_path, monthly_income_minor,
                    exception)
select :cycle, e.subject_id, h.ref, e.id, head.person_id, members.size, h.area_path, h.monthly_income_minor,
       case
         when not h.active then 'HOUSEHOLD_INACTIVE'
         when members.size = 0 then 'NO_MEMBERS'
         when head.person_id is null then 'NO_HEAD'
         when head.active is not true then 'HEAD_INACTIVE'
       end
  from enrolment e
  join household h on h.id = e.subject_id
 cross join lateral (
         select count(*) as size
           from membership m
           left join person p on p.id = m.person_id
          where m.household_id = e.subject_id and m.valid_from <= :day and (m.valid_to is null or m.valid_to > :day)
            and coalesce(p.active, true)) members
  left join lateral (
         select m.person_id, p.active
           from membership m
           left join person p on p.id = m.person_id
          where m.household_id = e.subject_id and m.role = 'head'
            and m.valid_from <= :day and (m.valid_to is null or m.valid_to > :day)
          order by m.id
          limit 1) head on true
 where e.programme_id = :programme and e.state = 'enrolled' and e.subject_id > :after and e.subject_id <= :last

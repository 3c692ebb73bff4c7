-- A person is paid itself; a child is paid through the head of its household, who is of age. Where the age of the person is not known,
-- nobody knows who may be paid. Area and income are those of the household.
insert into roster (cycle_id, subject_id, subject_ref, enrolment_id, payee_id, size, area_path, monthly_income_minor, exception)
select :cycle, e.subject_id, p.ref, e.id,
       case when child.yes is null then null when child.yes then head.person_id else p.id end, 1, home.area_path,
       home.monthly_income_minor,
       case
         when not p.active then 'PERSON_INACTIVE'
         when child.yes is null then 'AGE_UNKNOWN'
         when child.yes and head.person_id is null then 'NO_GUARDIAN'
         when child.yes and head.active is not true then 'HEAD_INACTIVE'
       end
  from enrolment e
  join person p on p.id = e.subject_id
 cross join lateral (select p.birth_date > :day::date - interval '18 years' as yes) child
  left join lateral (
         select h.id, h.area_path, h.monthly_income_minor
           from membership m
           join household h on h.id = m.household_id
          where m.person_id = p.id and m.valid_from <= :day and (m.valid_to is null or m.valid_to > :day)
          order by m.id
          limit 1) home on true
  left join lateral (
         select m.person_id, q.active
           from membership m
           left join person q on q.id = m.person_id
          where m.household_id = home.id and m.role = 'head' and m.person_id <> p.id
            and q.birth_date <= :day::date - interval '18 years'
            and m.valid_from <= :day and (m.valid_to is null or m.valid_to > :day)
          order by m.id
          limit 1) head on true
 where e.programme_id = :programme and e.state = 'enrolled' and e.subject_id > :after and e.subject_id <= :last

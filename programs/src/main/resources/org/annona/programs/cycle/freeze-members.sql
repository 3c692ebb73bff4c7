insert into roster_member (cycle_id, household_id, person_id, role, sex, birth_date)
select distinct on (m.household_id, m.person_id)
       :cycle, m.household_id, m.person_id, m.role, p.sex, p.birth_date
  from roster r
  join membership m
    on m.household_id = r.household_id and m.valid_from <= :day and (m.valid_to is null or m.valid_to > :day)
  left join person p on p.id = m.person_id
 where r.cycle_id = :cycle and r.household_id > :after and r.household_id <= :last
   and coalesce(p.active, true)
 order by m.household_id, m.person_id, m.id

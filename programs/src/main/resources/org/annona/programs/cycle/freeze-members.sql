insert into roster_member (cycle_id, subject_id, person_id, role, sex, birth_date)
select distinct on (m.subject_id, m.person_id)
       :cycle, m.subject_id, m.person_id, m.role, p.sex, p.birth_date
  from roster r
  join subject_member m
    on m.subject_id = r.subject_id and m.valid_from <= :day and (m.valid_to is null or m.valid_to > :day)
  left join person p on p.id = m.person_id
 where r.cycle_id = :cycle and r.subject_id > :after and r.subject_id <= :last
   and coalesce(p.active, true)
 order by m.subject_id, m.person_id, m.id

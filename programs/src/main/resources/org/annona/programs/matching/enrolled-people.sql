-- The next people who are enrolled with us on the day, or as others reported: every enrolment of each, by the codes of the
-- standard, 1 active and 4 suspended.
with candidate as (
  (select distinct m.person_id
     from subject_member m
    where m.person_id > :after and m.valid_from <= :day and (m.valid_to is null or m.valid_to > :day)
      and exists (select from enrolment e
                   where e.subject_id = m.subject_id and e.state in ('enrolled', 'suspended', 'duplicate_held'))
    order by m.person_id
    limit :most)
  union
  (select distinct r.person_id
     from reported_enrolment r
    where r.person_id > :after and r.status in ('1', '4')
    order by r.person_id
    limit :most)
), person as (
  select person_id from candidate order by person_id limit :most
)
select p.person_id, g.code, case e.state when 'enrolled' then '1' when 'suspended' then '4' when 'duplicate_held' then '4' end
         as status
  from person p
  left join subject_member m
    on m.person_id = p.person_id and m.valid_from <= :day and (m.valid_to is null or m.valid_to > :day)
  left join enrolment e
    on e.subject_id = m.subject_id and e.state in ('enrolled', 'suspended', 'duplicate_held')
   and exists (select from enrolment_history t where t.enrolment_id = e.id and t.to_state = 'enrolled')
  left join programme g on g.id = e.programme_id
union all
select p.person_id, r.programme_code, r.status
  from person p
  join reported_enrolment r on r.person_id = p.person_id and r.status in ('1', '4')
order by 1, 2, 3

-- By person or by key, each with the household that the person belongs to on the day.
select e.id, e.person_id, e.programme_code, e.programme_name, e.status,
       coalesce(e.enrolled_on, (e.reported_at at time zone 'UTC')::date) as since,
       h.id as household_id, h.ref as household_ref
from reported_enrolment e
left join membership m
  on m.person_id = e.person_id and m.valid_from <= :day and (m.valid_to is null or m.valid_to > :day)
left join household h on h.id = m.household_id
where e.person_id = any (:people::uuid[]) or e.id = any (:ids::uuid[])
order by e.person_id, e.id

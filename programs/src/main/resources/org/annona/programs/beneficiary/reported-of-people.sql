select e.id, e.person_id, e.programme_code, e.programme_name, e.status,
       coalesce(e.enrolled_on, (e.reported_at at time zone 'UTC')::date) as since
from reported_enrolment e
where e.person_id = any (:people::uuid[])
order by e.person_id, e.id
